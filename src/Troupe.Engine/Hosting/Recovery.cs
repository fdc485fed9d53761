namespace Troupe.Engine.Hosting;

/// <summary>Counts the instances that start-up has to look at, because a run before left them work.</summary>
internal sealed class Recovery(Action<RecoveryProgress> done)
{
    private int _found;
    private int _left = -1;

    public RecoveryProgress Progress => Volatile.Read(ref _left) is var left and >= 0 ? new RecoveryProgress(_found, _found - left) : new RecoveryProgress(0, 0);

    public bool IsDone => Volatile.Read(ref _left) == 0;

    /// <summary>Called before the first of them can have been looked at.</summary>
    public void Begin(int found)
    {
        _found = found;
        Volatile.Write(ref _left, found);
        if (found == 0) done(Progress);
    }

    public void LookedAt()
    {
        if (Interlocked.Decrement(ref _left) == 0) done(Progress);
    }
}
