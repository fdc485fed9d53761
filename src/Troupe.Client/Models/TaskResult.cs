using System.Text.Json;

namespace Troupe.Client;

/// <summary>What a finished task left.</summary>
public sealed record TaskResult
{
    public required string TaskId { get; init; }

    public string? WorkflowId { get; init; }

    public WorkStatus Status { get; init; }

    /// <summary>A JSON string for text; any JSON where <see cref="ResultType"/> is <c>json</c>.</summary>
    public JsonElement? Result { get; init; }

    /// <summary><c>summary</c>, <c>file</c> or <c>json</c>.</summary>
    public string? ResultType { get; init; }

    public IReadOnlyList<FileInfo> FilesCreated { get; init; } = [];

    public FailureInfo? Error { get; init; }

    public UsageInfo? Usage { get; init; }

    /// <summary>The result as text: the string itself, or the JSON as written; empty where there is none.</summary>
    public string ResultText => Result switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
        { ValueKind: JsonValueKind.String } text => text.GetString() ?? "",
        { } json => json.GetRawText(),
    };
}

/// <summary>A file that a task saved.</summary>
/// <param name="Path">As the task chose it. Untrusted: never a path on a disk.</param>
/// <param name="Url">Where it can be read.</param>
public sealed record FileInfo(string Path, long Length = 0, string? MediaType = null, string? Hash = null, string? Url = null);
