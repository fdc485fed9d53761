namespace Troupe.Engine.Replay;

/// <summary>A task that orchestrator code awaits, completed by a message.</summary>
internal abstract class PendingTask
{
    public abstract void Complete(string? json);

    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal sealed class PendingTask<T>(PayloadConverter converter) : PendingTask
{
    // Continuations run inline, in the order of the messages: that order is what makes replay exact.
    private readonly TaskCompletionSource<T> _source = new();

    public Task<T> Task => _source.Task;

    /// <summary>Undone when the task ends, so that a token no longer reaches it.</summary>
    public CancellationTokenRegistration Registration { get; set; }

    public override void Complete(string? json)
    {
        Registration.Dispose();
        T value;
        try
        {
            value = converter.Deserialize<T>(json)!;
        }
        catch (PayloadException exception)
        {
            _source.TrySetException(exception);
            return;
        }

        _source.TrySetResult(value);
    }

    public override void Fail(Exception exception)
    {
        Registration.Dispose();
        _source.TrySetException(exception);
    }

    public void Cancel(CancellationToken token) => _source.TrySetCanceled(token);
}
