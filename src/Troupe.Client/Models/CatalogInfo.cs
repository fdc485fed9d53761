using System.Text.Json;

namespace Troupe.Client;

public sealed record AgentInfo
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Model { get; init; }

    public string? Provider { get; init; }

    public string? Mode { get; init; }

    public string? Role { get; init; }

    public string? Path { get; init; }

    public string? Version { get; init; }
}

public sealed record DefinitionInfo
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Version { get; init; }

    public IReadOnlyList<InputInfo> Inputs { get; init; } = [];
}

public sealed record InputInfo
{
    public required string Name { get; init; }

    /// <summary><c>string</c>, <c>number</c>, <c>integer</c>, <c>boolean</c>, <c>array</c> or <c>object</c>.</summary>
    public string Type { get; init; } = "string";

    public bool Required { get; init; }

    public JsonElement? Default { get; init; }

    public string? Description { get; init; }
}

/// <summary>What a check of a definition found.</summary>
public sealed record ValidationReport
{
    public bool Valid { get; init; }

    public IReadOnlyList<ApiProblem> Problems { get; init; } = [];
}

/// <summary>What a workflow is likely to take.</summary>
public sealed record EstimateInfo
{
    /// <summary>Null where an agent has no history.</summary>
    public TimeSpan? EstimatedDuration { get; init; }

    /// <summary>The keys of the tasks and delays that make the longest chain, first to last.</summary>
    public IReadOnlyList<string> CriticalPath { get; init; } = [];

    public int Tasks { get; init; }

    public IReadOnlyList<string> AgentsWithoutHistory { get; init; } = [];
}

/// <summary>One thing wrong with a request or a definition.</summary>
/// <param name="Detail">What was found and what to do.</param>
/// <param name="Pointer">A JSON pointer to the place.</param>
public sealed record ApiProblem(string? Detail, string? Pointer = null, string? File = null, int? Line = null, int? Column = null);

/// <summary>Where stored bytes are.</summary>
/// <param name="Hash">SHA-256, 64 lower-case hex digits.</param>
public sealed record ArtifactInfo(string Hash, long Length, string? MediaType = null);
