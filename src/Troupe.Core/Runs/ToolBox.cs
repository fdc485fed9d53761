using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Records;

namespace Troupe.Core.Runs;

/// <summary>Our own tools. An agent gets those that its file lists; tools that other programs know by name are left to them.</summary>
public sealed class ToolBox(IArtifactStore artifacts)
{
    public const string SaveArtifact = "save_artifact";

    public const string ReportProgress = "report_progress";

    private static readonly ToolDefinition[] All =
    [
        new(SaveArtifact, "Saves a text file as part of your result.",
            """{"type":"object","properties":{"path":{"type":"string","description":"A relative path such as report/summary.md"},"content":{"type":"string"}},"required":["path","content"]}"""),
        new(ReportProgress, "Tells people what you are doing now, in a few words.",
            """{"type":"object","properties":{"message":{"type":"string"}},"required":["message"]}"""),
        AskHuman.Definition,
    ];

    public static IReadOnlyList<ToolDefinition> For(AgentDefinition agent) =>
        [.. All.Where(tool => agent.Tools.Contains(tool.Name, StringComparer.OrdinalIgnoreCase))];

    /// <summary>Carries a call out. What the model got wrong is told to the model, not thrown.</summary>
    public async Task<ToolResult> CallAsync(AgentToolCall call, CancellationToken cancellationToken)
    {
        JsonElement arguments;
        try
        {
            arguments = JsonSerializer.Deserialize<JsonElement>(call.Arguments);
        }
        catch (JsonException e)
        {
            return new ToolResult($"Error: the arguments are not JSON: {e.Message}");
        }

        return call.Name switch
        {
            SaveArtifact => await SaveAsync(arguments, cancellationToken),
            ReportProgress when Text(arguments, "message") is { } message => new ToolResult("Noted.", Progress: message),
            ReportProgress => new ToolResult("Error: 'message' must be a text."),
            AskHuman.Name => new ToolResult($"Error: {AskHuman.Read(call).Problem ?? "the question was not asked."}"),
            _ => new ToolResult($"Error: there is no tool '{call.Name}'. There are: {string.Join(", ", All.Select(static tool => tool.Name))}."),
        };
    }

    private async Task<ToolResult> SaveAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        if (Text(arguments, "path") is not { } path || Text(arguments, "content") is not { } content)
            return new ToolResult("Error: 'path' and 'content' must be texts.");
        if (!TaskPaths.IsValid(path))
            return new ToolResult("Error: 'path' must be a relative path of at most 200 characters without '..', '\\' or control characters.");
        var saved = await artifacts.PutTextAsync(content, "text/plain", cancellationToken);
        return new ToolResult($"Saved {path} ({saved.Length} bytes).", File: new TaskFile(path, saved));
    }

    private static string? Text(JsonElement arguments, string name) =>
        arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

/// <param name="Text">What the model is told.</param>
public sealed record ToolResult(string Text, TaskFile? File = null, string? Progress = null);
