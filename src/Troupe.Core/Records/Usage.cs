namespace Troupe.Core.Records;

/// <summary>What model calls used.</summary>
/// <param name="CostUsd">From the price table; null where the model has no price there.</param>
public sealed record Usage(long InputTokens = 0, long OutputTokens = 0, decimal? CostUsd = null)
{
    public static Usage None { get; } = new();

    /// <summary>Both together; the cost is known where either is.</summary>
    public Usage Add(Usage other) => new(
        InputTokens + other.InputTokens,
        OutputTokens + other.OutputTokens,
        CostUsd is null && other.CostUsd is null ? null : (CostUsd ?? 0) + (other.CostUsd ?? 0));
}
