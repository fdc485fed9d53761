using System.Text.Json;
using Troupe.Core.Definitions;

namespace Troupe.Core.Runs;

/// <param name="From"><c>failed</c>: everything that did not complete runs again. Or a task's key or id: that task and all that depends on it.</param>
public sealed record RerunRequest(string From, RerunOverrides? Overrides = null);

/// <summary>What the new run does differently.</summary>
public sealed record RerunOverrides
{
    /// <summary>Values that replace those of the earlier run's inputs.</summary>
    public JsonElement? Inputs { get; init; }

    /// <summary>Options that replace the earlier run's; tasks follow where they had none of their own. Tags and metadata are added.</summary>
    public RunOptions? Options { get; init; }

    /// <summary>New prompts by task key; templates where the old ones were.</summary>
    public IReadOnlyDictionary<string, string>? Prompts { get; init; }

    /// <summary>Other agents by task key.</summary>
    public IReadOnlyDictionary<string, string>? Agents { get; init; }
}
