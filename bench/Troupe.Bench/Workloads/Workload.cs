using Troupe.Bench.Measuring;

namespace Troupe.Bench.Workloads;

/// <summary>One row of the table.</summary>
/// <param name="Durable">What is on the disk, after an fsync, when it is counted.</param>
internal sealed record Workload(string Id, string What, string Durable, string Goal, Func<Task<Measurement>> RunAsync)
{
    /// <summary>The same work without an engine; null where there is nothing to compare with.</summary>
    public Func<Task<Measurement>>? FloorAsync { get; init; }

    /// <summary>Takes so long that one run must do.</summary>
    public bool IsLong { get; init; }

    /// <summary>Runs only where it is asked for by name.</summary>
    public bool IsExtra { get; init; }

    /// <summary>Work and floor take turns, so that both see the same machine.</summary>
    public async Task<string> RowAsync(int runs)
    {
        List<Measurement> work = [], floor = [];
        for (var run = 0; run < (IsLong ? 1 : runs); run++)
        {
            work.Add(await RunAsync());
            if (FloorAsync is not null) floor.Add(await FloorAsync());
        }

        var measured = Measurement.Median(work);
        var cost = measured.Cost;
        var bare = floor.Count == 0 ? null : Measurement.Median(floor);
        return $"| {Id}: {What} | {Durable} | {measured} | {(bare is null ? "" : $"{bare}: {Share(measured, bare):0 %}")} "
            + $"| {(cost is null ? "" : $"{cost.Processor:N1}")}{(bare?.Cost is null ? "" : $" ({bare.Cost.Processor:N1})")} "
            + $"| {(cost is null ? "" : $"{cost.Allocated:N0}")} | {(cost is null ? "" : $"{cost.Written:N0}")} | {Goal} |";
    }

    /// <summary>How much of the floor's speed is reached, by the first figure of each.</summary>
    private static double Share(Measurement work, Measurement floor) => work.Figures[0].Unit.EndsWith("/s", StringComparison.Ordinal)
        ? work.Figures[0].Value / floor.Figures[0].Value
        : floor.Figures[0].Value / work.Figures[0].Value;
}
