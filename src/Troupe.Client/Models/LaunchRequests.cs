using System.Text.Json;

namespace Troupe.Client;

/// <summary>One agent run to launch.</summary>
/// <param name="Agent">The agent's name, or its path inside the agent roots.</param>
/// <param name="Prompt">What it is to do; taken as it is, never as a template.</param>
public sealed record TaskRequest(string Agent, string Prompt)
{
    public string? Title { get; init; }

    /// <summary>The id that the run is to have: <c>[A-Za-z0-9_.-]{1,64}</c>; the server makes one where it is null.</summary>
    public string? Id { get; init; }

    public LaunchOptions? Options { get; init; }
}

/// <summary>A workflow to launch.</summary>
/// <param name="Workflow">A JSON string with the name of a definition, or a JSON object that is one.</param>
public sealed record WorkflowRequest(JsonElement Workflow)
{
    public WorkflowRequest(string name)
        : this(JsonSerializer.SerializeToElement(name, ClientJson.Default.String))
    {
    }

    /// <summary>As in <see cref="TaskRequest.Id"/>.</summary>
    public string? Id { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Inputs { get; init; }

    public LaunchOptions? Options { get; init; }
}

/// <summary>Tasks to launch as one run; their results come back in this order.</summary>
/// <param name="Tasks">1 to 1,000.</param>
public sealed record BatchRequest(IReadOnlyList<TaskRequest> Tasks)
{
    public string? Title { get; init; }

    /// <summary>As in <see cref="TaskRequest.Id"/>.</summary>
    public string? Id { get; init; }

    public LaunchOptions? Options { get; init; }
}
