using Troupe.Core.Definitions;

namespace Troupe.Core.Planning;

/// <param name="Plan">Null where there are problems.</param>
/// <param name="Problems">Everything that stands against it, each with its place.</param>
public sealed record PlanResult(Plan? Plan, IReadOnlyList<Problem> Problems)
{
    /// <summary>The run's own options: those of the launch over those of the workflow, with defaults.</summary>
    public RunOptions Options { get; init; } = new();
}

/// <param name="Key">Unique in the run: <c>task</c>, or in a batch <c>1</c>, <c>2</c> …</param>
/// <param name="Agent">Null for <see cref="PlanCompiler.DefaultAgent"/>.</param>
/// <param name="Prompt">Taken literally.</param>
/// <param name="Options">The task's own; <c>timeout</c> is that of one attempt.</param>
public sealed record TaskToPlan(string Key, string? Agent, string Prompt, string? Title, RunOptions Options);
