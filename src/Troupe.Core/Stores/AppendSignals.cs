namespace Troupe.Core.Stores;

/// <summary>
/// Wakes those who wait for events. Waiters of a run share one signal, which goes away when it is given or when the last of them is
/// cancelled; runs that nobody waits for cost nothing.
/// </summary>
public sealed class AppendSignals
{
    private const string AnyRun = "";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Signal> _signals = new(StringComparer.Ordinal);

    /// <summary>Runs that somebody waits for; any run counts as one.</summary>
    internal int Count
    {
        get
        {
            lock (_gate) return _signals.Count;
        }
    }

    /// <summary>Begins to wait at once, before it returns.</summary>
    public Task WaitAsync(string? runId, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        var key = runId ?? AnyRun;
        lock (_gate)
        {
            if (!_signals.TryGetValue(key, out var signal)) _signals.Add(key, signal = new Signal());
            signal.Waiters++;
            return WaitAsync(key, signal, cancellationToken);
        }
    }

    /// <summary>Called after the commit.</summary>
    public void Publish(string runId)
    {
        Signal? ofRun, ofAny;
        lock (_gate)
        {
            _signals.Remove(runId, out ofRun);
            _signals.Remove(AnyRun, out ofAny);
        }

        ofRun?.Given.SetResult();
        ofAny?.Given.SetResult();
    }

    private async Task WaitAsync(string key, Signal signal, CancellationToken cancellationToken)
    {
        try
        {
            await signal.Given.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Leave(key, signal);
            throw;
        }
    }

    private void Leave(string key, Signal signal)
    {
        lock (_gate)
        {
            if (--signal.Waiters == 0 && _signals.TryGetValue(key, out var current) && current == signal) _signals.Remove(key);
        }
    }

    private sealed class Signal
    {
        public TaskCompletionSource Given { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiters { get; set; }
    }
}
