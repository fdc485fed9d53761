namespace Troupe.Client;

/// <summary>A process that works on tasks.</summary>
public sealed record ExecutorInfo
{
    /// <summary>Unique for each start of a process; tasks name it in <see cref="TaskInfo.ExecutorId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>False once it has not been seen for 90 s; another takes its work over, and it is named for a day.</summary>
    public bool Alive { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>To half a minute, but for the process that answers.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>How many agents it runs.</summary>
    public int Busy { get; init; }

    /// <summary>What they work on, the longest first; at most 100.</summary>
    public IReadOnlyList<ExecutorTaskInfo> Tasks { get; init; } = [];
}

/// <summary>A task in the hands of a process.</summary>
/// <param name="Since">When the turn at hand began.</param>
public sealed record ExecutorTaskInfo(string TaskId, string WorkflowId, DateTimeOffset Since);
