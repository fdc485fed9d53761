using System.Globalization;
using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Core.Runs;

/// <summary>Holds what a run has used against its budget.</summary>
internal static class RunBudget
{
    /// <summary>The failure where a bound is passed; null where the budget holds.</summary>
    public static Failure? Exceeded(Budget budget, Usage usage)
    {
        if (budget.Tokens is { } tokens && usage.InputTokens + usage.OutputTokens > tokens)
            return Describe(string.Create(CultureInfo.InvariantCulture, $"{usage.InputTokens + usage.OutputTokens} tokens were used, {tokens} were allowed"));
        if (budget.Usd is { } usd && usage.CostUsd > usd)
            return Describe(string.Create(CultureInfo.InvariantCulture, $"{usage.CostUsd:0.####} USD were spent, {usd:0.####} were allowed"));
        return null;
    }

    private static Failure Describe(string figures) =>
        new(FailureKinds.BudgetExceeded, $"The run's budget is used up: {figures}. Rerun it from 'failed' with a larger budget; finished tasks are kept.");
}
