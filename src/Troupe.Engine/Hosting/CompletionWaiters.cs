namespace Troupe.Engine.Hosting;

/// <summary>Callers that wait for instances to end.</summary>
internal sealed class CompletionWaiters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Completes when the instance ends, or is deleted, after this call.</summary>
    public Task Next(string instanceId)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(instanceId, out var source))
                _waiting.Add(instanceId, source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return source.Task;
        }
    }

    public void Ended(string instanceId)
    {
        TaskCompletionSource? source;
        lock (_gate) _waiting.Remove(instanceId, out source);
        source?.SetResult();
    }

    /// <summary>Fails all who wait, because the engine stops.</summary>
    public void Stop()
    {
        List<TaskCompletionSource> sources;
        lock (_gate)
        {
            sources = [.. _waiting.Values];
            _waiting.Clear();
        }

        foreach (var source in sources) source.TrySetException(new ObjectDisposedException("engine", "The engine has stopped."));
    }
}
