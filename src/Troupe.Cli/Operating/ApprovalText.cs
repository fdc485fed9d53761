using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary>An approval or a question for people to read. What runs and models wrote is made fit for a terminal.</summary>
internal static class ApprovalText
{
    private const int MaxPrompt = 1_000;

    public static void Write(TextWriter output, ApprovalInfo one)
    {
        output.WriteLine(Words.Line(one.Title ?? one.Id, 500));
        if (one.Description is { Length: > 0 } description)
            output.WriteLine(Words.Plain(description));
        WriteFacts(output, one);
        foreach (var decision in one.Decisions)
            output.WriteLine($"  {Words.Line(decision.User)}: {decision.Decision} {Words.Time(decision.At)}{(decision.Via is { } via ? $" by {via}" : "")}{(decision.Comment is { } comment ? $" - {Words.Line(comment, 500)}" : "")}");
        WriteEdits(output, one.Edits);
        WriteTasks(output, one.Context);
        if (one.Status == "pending")
            output.WriteLine(one.Question is null ? $"Decide: troupe approve {one.Id} (--reject, --edit, --comment)" : QuestionText.HowToAnswer(one));
    }

    /// <summary>Who may decide, in words.</summary>
    public static string Deciders(ApprovalInfo one) => one.Approvers.Count == 0 ? "every approver" : string.Join(", ", one.Approvers);

    private static void WriteFacts(TextWriter output, ApprovalInfo one)
    {
        Fact("id", one.Id);
        Fact("run", $"{one.WorkflowId}{(one.Context?.Workflow is { } name ? $" ({Words.Line(name)})" : "")}{(one.AskedBy is { } user ? $", launched by {Words.Line(user)}" : "")}");
        Fact("status", one.Status + (one.ClosedBy is { } by ? $" by {Words.Line(by)}" : "") + (one.Escalated ? ", escalated" : ""));
        Fact("until", one.Status == "pending" ? Words.Time(one.ExpiresAt) : Words.Time(one.ClosedAt));
        Fact("who decides", one.Question is null && one.Quorum is { } quorum ? $"{Deciders(one)}; {quorum.Approved} of {quorum.Needed} have approved" : Deciders(one));
        Fact("used so far", Words.Usage(one.Context?.Usage));

        void Fact(string what, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                output.WriteLine($"  {what + ":",-13}{value}");
        }
    }

    private static void WriteEdits(TextWriter output, EditsInfo? edits)
    {
        if (edits is null)
            return;
        output.WriteLine($"Edited by {Words.Line(edits.User)}:");
        foreach (var edit in edits.Changes)
        {
            output.WriteLine($"  {(edit.Kind == "input" ? "inputs." : "")}{Words.Line(edit.Name)}");
            output.WriteLine($"  - {Side(edit.Before)}");
            output.WriteLine($"  + {Side(edit.After)}");
        }
    }

    private static string Side(TextInfo side) => side.Text is { } text ? Words.Line(text, MaxPrompt) : $"(long: artifact {side.Artifact})";

    private static void WriteTasks(TextWriter output, ApprovalContextInfo? context)
    {
        foreach (var earlier in context?.Earlier ?? [])
            output.WriteLine($"Earlier: {Words.Line(earlier.Title ?? earlier.Key)} {Words.Status(earlier.Status)}{(earlier.Summary is { } summary ? $" - {Words.Line(summary, 200)}" : "")}");
        foreach (var next in context?.Next ?? [])
            output.WriteLine($"Next: {Words.Line(next.Key)} ({Words.Line(next.Agent ?? "routed")}){(next.Rendered ? "" : ", not filled in yet")}: {Words.Line(next.Prompt ?? "", MaxPrompt)}");
    }
}
