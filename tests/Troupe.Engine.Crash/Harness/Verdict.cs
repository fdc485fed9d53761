namespace Troupe.Engine.Crash.Harness;

/// <summary>A guarantee was broken.</summary>
internal sealed class ViolationException(string instance, string what) : Exception($"{instance}: {what}")
{
    public string Instance => instance;
}

/// <summary>The first violation ends the run.</summary>
internal sealed class Verdict : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<ViolationException> _violation = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CancellationToken Ended => _ended.Token;

    public Task<ViolationException> Violation => _violation.Task;

    /// <summary>Makes it known at once, whoever waits for what; returns the exception to throw.</summary>
    public ViolationException Fail(string instance, string what)
    {
        var violation = new ViolationException(instance, what);
        if (_violation.TrySetResult(violation)) _ = _ended.CancelAsync();
        return violation;
    }

    /// <summary>Ends the run without a violation.</summary>
    public Task EndAsync() => _ended.CancelAsync();

    public void Dispose() => _ended.Dispose();
}
