namespace Troupe.Core.Executors;

/// <summary>A process that works on tasks.</summary>
/// <param name="SeenAt">When it was last known to live.</param>
public sealed record Executor(string Id, DateTimeOffset StartedAt, DateTimeOffset SeenAt)
{
    /// <summary>How many agents it runs.</summary>
    public int Busy { get; init; }

    /// <summary>What it works on, the longest first; at most 100 of them.</summary>
    public IReadOnlyList<ExecutorTask> Tasks { get; init; } = [];
}

/// <param name="Since">When the turn at hand began.</param>
public sealed record ExecutorTask(string TaskId, string RunId, DateTimeOffset Since);
