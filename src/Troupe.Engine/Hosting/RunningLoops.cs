namespace Troupe.Engine.Hosting;

/// <summary>Counts the loops that run, so that a stop can wait for the last commit.</summary>
internal sealed class RunningLoops
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private bool _closed;

    /// <summary>False once closed.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_closed) return false;
            _count++;
            return true;
        }
    }

    public void Exit()
    {
        lock (_gate)
        {
            if (--_count == 0 && _closed) _drained.TrySetResult();
        }
    }

    /// <summary>Lets no loop start any more and waits for those that run.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_count == 0) _drained.TrySetResult();
            return _drained.Task;
        }
    }
}
