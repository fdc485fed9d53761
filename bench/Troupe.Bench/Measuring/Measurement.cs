namespace Troupe.Bench.Measuring;

/// <summary>One measured figure.</summary>
internal sealed record Figure(string Name, double Value, string Unit)
{
    public override string ToString() => $"{(Name.Length > 0 ? Name + " " : "")}{(Value >= 100 ? $"{Value:N0}" : $"{Value:0.###}")} {Unit}";
}

/// <summary>What one run of a workload has shown.</summary>
/// <param name="Cost">Per activity, or per instance where there are no activities; null where that means nothing.</param>
internal sealed record Measurement(IReadOnlyList<Figure> Figures, Cost? Cost = null)
{
    /// <summary>The median of each figure over several runs; of the processor time the least, because other programs only ever add to it.</summary>
    public static Measurement Median(IReadOnlyList<Measurement> runs) => new(
        [.. runs[0].Figures.Select((figure, index) => figure with { Value = Statistics.Median(runs.Select(run => run.Figures[index].Value)) })],
        runs[0].Cost is null ? null : new Cost(
            Statistics.Median(runs.Select(static run => run.Cost!.Allocated)),
            Statistics.Median(runs.Select(static run => run.Cost!.Written)),
            runs.Min(static run => run.Cost!.Processor)));

    public override string ToString() => string.Join("; ", Figures);
}
