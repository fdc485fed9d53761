namespace Troupe.Engine.Tests.Recovery;

internal enum Fault
{
    /// <summary>A read fails.</summary>
    Read,

    /// <summary>The write fails, and nothing of it is kept.</summary>
    BeforeCommit,

    /// <summary>The write is kept, but whoever asked for it is told that it failed.</summary>
    AfterCommit,
}

/// <summary>Which operation fails, of all that a store is asked for, over every process that works on it.</summary>
/// <param name="At">The number of the read or write, from 1.</param>
/// <param name="Dies">Whether the process does nothing more after the fault; else everything works again.</param>
/// <param name="Kind">Counts only operations of that kind; all where null.</param>
internal sealed record FaultPlan(int At, Fault Fault, bool Dies, string? Kind = null)
{
    private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _operations;

    /// <summary>Completes at the fault.</summary>
    public Task Struck => _struck.Task;

    /// <summary>What was being done at the fault.</summary>
    public IReadOnlyList<string> Kinds { get; private set; } = [];

    /// <summary>Counts an operation, and says whether it is the one that fails.</summary>
    public bool Strikes(bool isRead, IEnumerable<string> kinds)
    {
        if (isRead != (Fault == Fault.Read) || (Kind is not null && !kinds.Contains(Kind)) || Interlocked.Increment(ref _operations) != At)
            return false;
        Kinds = [.. kinds];
        return true;
    }

    public void Strike() => _struck.TrySetResult();
}
