using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Runs;

/// <summary>How long the tasks of each agent took, the latest first. An estimate needs no verification against the tasks.</summary>
internal static class DurationPointers
{
    public static IReadOnlyCollection<Pointer> Of(TaskRecord task) =>
        task is { Agent: { } agent, CompletedAt: { } completed } && WorkedTime.Of(task) is { } worked
            ? [new Pointer(List(agent), $"{EntityKey.NewestFirst(completed)}:{EntityKey.Of(task.Id)}", worked.Ticks)]
            : [];

    public static async Task<TimeSpan?> MedianAsync(PointerTable pointers, string agent, CancellationToken cancellationToken)
    {
        var latest = await pointers.ReadAsync(List(agent), KeyRange.All, WorkedTime.Latest, cancellationToken);
        return WorkedTime.Median(latest.Select(static stored => TimeSpan.FromTicks(stored.Pointer.Value ?? 0)));
    }

    private static string List(string agent) => $"durations:{EntityKey.Of(agent)}";
}
