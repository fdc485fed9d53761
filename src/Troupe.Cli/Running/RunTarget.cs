using System.Text.Json;
using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>What <c>troupe run</c> is to launch.</summary>
internal abstract record RunTarget
{
    /// <summary>A workflow that the server knows, or one given with the launch.</summary>
    public sealed record Workflow(JsonElement NameOrDefinition, IReadOnlyList<InputInfo> Inputs) : RunTarget;

    public sealed record Agent(string Name) : RunTarget;
}

/// <summary>Whether a name is to be taken for a workflow's or an agent's.</summary>
internal enum TargetKind
{
    Either,
    Workflow,
    Agent,
}
