using System.Text.Json;

namespace Troupe.Client;

/// <param name="Needed">Approvals that it takes; one rejection rejects.</param>
public sealed record QuorumInfo(int Needed, int Approved);

/// <param name="Decision"><c>approve</c> or <c>reject</c>.</param>
/// <param name="Via">How it came where it did not come with a key: <c>link</c> or <c>slack</c>.</param>
public sealed record DecisionInfo(string User, string Decision, string? Comment = null, DateTimeOffset? At = null, string? Via = null);

/// <summary>What one approver changed.</summary>
public sealed record EditsInfo(string User, DateTimeOffset At, IReadOnlyList<EditInfo> Changes);

/// <param name="Kind"><c>prompt</c> or <c>input</c>.</param>
/// <param name="Name">The task's key, or the input's name.</param>
public sealed record EditInfo(string Kind, string Name, TextInfo Before, TextInfo After);

/// <param name="Text">Null where it is too long to be told here.</param>
/// <param name="Artifact">The hash of a long one, below <c>/artifacts</c>.</param>
public sealed record TextInfo(string? Text = null, string? Artifact = null);

/// <param name="Kind"><c>text</c>, <c>choice</c>, <c>json</c> or <c>result</c>.</param>
/// <param name="Choices">Of a choice.</param>
/// <param name="Schema">What JSON must meet; null for any.</param>
public sealed record QuestionInfo(string Kind, IReadOnlyList<string>? Choices = null, JsonElement? Schema = null);

/// <summary>What somebody needs to know who decides.</summary>
public sealed record ApprovalContextInfo
{
    public string? Workflow { get; init; }

    public string? User { get; init; }

    /// <summary>The title of the phase that waits.</summary>
    public string? Phase { get; init; }

    public UsageInfo? Usage { get; init; }

    /// <summary>The tasks that begin first once it is approved, at most 20 of <see cref="NextCount"/>.</summary>
    public IReadOnlyList<NextTaskInfo> Next { get; init; } = [];

    public int NextCount { get; init; }

    /// <summary>The last 20 tasks that ended before it.</summary>
    public IReadOnlyList<EarlierTaskInfo> Earlier { get; init; } = [];
}

/// <param name="Prompt">Its first 1,000 characters; whole at <paramref name="PromptUrl"/>.</param>
/// <param name="Rendered">Whether the prompt is as it will be sent; otherwise its template.</param>
public sealed record NextTaskInfo(string Key, string? Title, string? Agent, string? Prompt, bool Shortened, bool Rendered, Uri? PromptUrl = null);

public sealed record EarlierTaskInfo(string TaskId, string Key, string? Title, WorkStatus Status, string? Summary = null);
