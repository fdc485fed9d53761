namespace Troupe.Bench;

/// <summary>One measured figure.</summary>
internal sealed record Figure(string Name, double Value, string Unit)
{
    public override string ToString() => Value >= 100 ? $"{Name} {Value:N0} {Unit}" : $"{Name} {Value:0.###} {Unit}";
}

internal static class Statistics
{
    public static double Median(IEnumerable<double> values) => Percentile(values, 0.5);

    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
