namespace Troupe.Engine.Replay;

/// <summary>
/// Where orchestrator code runs: continuations queue up here and run one after the other on the thread that takes the step. One that
/// arrives from another thread proves that the code awaited something that is not durable.
/// </summary>
internal sealed class OrchestratorLoop : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private volatile int _thread;
    private volatile bool _sawForeignThread;

    /// <summary>Called on a foreign thread when orchestrator code arrives there: a step under way may be past its last look.</summary>
    public Action? OnForeignContinuation { get; set; }

    public bool SawForeignThread => _sawForeignThread;

    public bool IsCurrent => _thread == Environment.CurrentManagedThreadId;

    /// <summary>Runs an action and every continuation that it sets free.</summary>
    public void Run<T>(Action<T> action, T state)
    {
        var outer = Current;
        _thread = Environment.CurrentManagedThreadId;
        SetSynchronizationContext(this);
        try
        {
            action(state);
            while (_queue.TryDequeue(out var next)) next.Callback(next.State);
        }
        finally
        {
            _queue.Clear();
            _thread = 0;
            SetSynchronizationContext(outer);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent) _queue.Enqueue((d, state));
        else ReportForeignThread();
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (IsCurrent) d(state);
        else ReportForeignThread();
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Remembers that orchestrator code ran where it must not.</summary>
    public void ReportForeignThread()
    {
        if (_sawForeignThread) return;
        _sawForeignThread = true;
        OnForeignContinuation?.Invoke();
    }
}
