using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;

namespace Troupe.Web.Catalogs;

/// <summary>An agent as readers see it.</summary>
internal sealed record AgentBody
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Model { get; init; }

    public string? Provider { get; init; }

    public ExecutionMode? Mode { get; init; }

    public AgentRole Role { get; init; }

    public string? ReportsTo { get; init; }

    public IReadOnlyList<string> Skills { get; init; } = [];

    public IReadOnlyList<string> Tools { get; init; } = [];

    public string? Path { get; init; }

    public required string Version { get; init; }

    /// <summary>The rest is told of a single agent only.</summary>
    public string? SystemPrompt { get; init; }

    public double? Temperature { get; init; }

    public int? MaxOutputTokens { get; init; }

    public TimeSpan? Timeout { get; init; }

    public JsonElement? OutputSchema { get; init; }

    /// <summary>Keys that have no meaning here, as they were written.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Extra { get; init; }

    public static AgentBody Of(AgentDefinition agent) => new()
    {
        Name = agent.Name,
        Description = agent.Description,
        Model = agent.Model,
        Provider = agent.Provider,
        Mode = agent.Mode,
        Role = agent.Role,
        ReportsTo = agent.ReportsTo,
        Skills = agent.Skills,
        Tools = agent.Tools,
        Path = agent.Path,
        Version = agent.Version,
    };

    public static AgentBody InFull(AgentDefinition agent) => Of(agent) with
    {
        SystemPrompt = agent.SystemPrompt,
        Temperature = agent.Temperature,
        MaxOutputTokens = agent.MaxOutputTokens,
        Timeout = agent.Timeout,
        OutputSchema = agent.OutputSchema,
        Extra = agent.Extra,
    };
}
