using System.Text.Json;
using Troupe.Core.Definitions;

namespace Troupe.Core.Agents;

/// <summary>A named worker as its markdown file defines it.</summary>
public sealed record AgentDefinition
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The body of the file.</summary>
    public required string SystemPrompt { get; init; }

    /// <summary>As written: a model's name, or an alias such as <c>opus</c>, <c>sonnet</c>, <c>haiku</c>, <c>inherit</c>.</summary>
    public string? Model { get; init; }

    public IReadOnlyList<string> Tools { get; init; } = [];

    public string? Provider { get; init; }

    public ExecutionMode? Mode { get; init; }

    public AgentRole Role { get; init; }

    public string? ReportsTo { get; init; }

    public IReadOnlyList<string> Skills { get; init; } = [];

    public double? Temperature { get; init; }

    public int? MaxOutputTokens { get; init; }

    public TimeSpan? Timeout { get; init; }

    /// <summary>A local program and its arguments, for the provider <c>command</c>.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>A JSON schema that the result must meet.</summary>
    public JsonElement? OutputSchema { get; init; }

    /// <summary>The script of the provider <c>simulated</c>.</summary>
    public JsonElement? Simulate { get; init; }

    /// <summary>Keys of the front matter that have no meaning here, kept as they are.</summary>
    public IReadOnlyDictionary<string, JsonElement> Extra { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The path inside its root with forward slashes, for example <c>reviewers/security-auditor.md</c>; null where it was put by API.</summary>
    public string? Path { get; init; }

    /// <summary>A hash of the text it was read from.</summary>
    public required string Version { get; init; }
}

public enum AgentRole
{
    Employee,
    Executive,
}
