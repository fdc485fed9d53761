using Troupe.Core.Records;

namespace Troupe.Core.Stores;

/// <summary>What estimates are made of.</summary>
public static class WorkedTime
{
    /// <summary>Completed tasks that an estimate looks back on: 50.</summary>
    public const int Latest = 50;

    /// <summary>How long a task took, or null where it does not count: only what was really worked does, and a reused result took no time.</summary>
    public static TimeSpan? Of(TaskRecord task) =>
        task is { Status: WorkStatus.Completed, ReusedFrom: null, StartedAt: { } started, CompletedAt: { } completed } && completed >= started
            ? completed - started
            : null;

    /// <summary>Null where there are none.</summary>
    public static TimeSpan? Median(IEnumerable<TimeSpan> durations)
    {
        var sorted = durations.Order().ToList();
        if (sorted.Count == 0) return null;
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
