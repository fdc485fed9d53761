using System.Text.Json;

namespace Troupe.Client;

/// <summary>A question that a run waits for a person to decide.</summary>
public sealed record ApprovalInfo
{
    public required string Id { get; init; }

    public string? WorkflowId { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    /// <summary><c>pending</c>, <c>approved</c>, <c>rejected</c>, <c>timed_out</c> or <c>cancelled</c>.</summary>
    public string? Status { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public string? ClosedBy { get; init; }

    public string? Comment { get; init; }
}

/// <param name="Decision"><c>approve</c> or <c>reject</c>.</param>
/// <param name="Edits">With an approval: changes of what runs next.</param>
public sealed record DecisionRequest(string Decision, string? Comment = null, ApprovalEdits? Edits = null);

/// <param name="Prompts">New prompts by task key.</param>
/// <param name="Inputs">Inputs that replace the run's.</param>
public sealed record ApprovalEdits(
    IReadOnlyDictionary<string, string>? Prompts = null, IReadOnlyDictionary<string, JsonElement>? Inputs = null);

/// <summary>What of a run is to be done again.</summary>
/// <param name="From"><c>failed</c>, or the id of a task: it and all that depends on it runs again; other finished results are reused.</param>
public sealed record RerunRequest(string From = "failed")
{
    /// <summary>Inputs and options that are to differ.</summary>
    public JsonElement? Overrides { get; init; }
}
