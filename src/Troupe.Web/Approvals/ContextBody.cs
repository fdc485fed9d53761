using Microsoft.AspNetCore.Http;
using Troupe.Core.Approvals;
using Troupe.Core.Records;
using Troupe.Web.Hosting;

namespace Troupe.Web.Approvals;

/// <summary>What the decider needs to know.</summary>
/// <param name="Cost">US dollars so far; absent where a model has no price.</param>
/// <param name="Phase">The title of the phase that waits.</param>
/// <param name="Next">The tasks that begin first once it is approved; of <paramref name="NextCount"/> the first 20.</param>
/// <param name="Earlier">The last 20 tasks that ended before it.</param>
internal sealed record ContextBody(
    string Workflow,
    WorkStatus Status,
    string User,
    string WorkflowUrl,
    Usage Usage,
    decimal? Cost,
    string? Phase,
    IReadOnlyList<NextBody> Next,
    int NextCount,
    IReadOnlyList<EarlierBody> Earlier)
{
    public static ContextBody Of(HttpContext context, Urls urls, GateRecord gate, ApprovalContext known) => new(
        known.Run.Name,
        known.Run.Status,
        known.Run.User,
        urls.Workflow(context, known.Run.Id),
        known.Usage,
        known.Usage.CostUsd,
        known.Phase,
        [.. known.Next.Select(task => NextBody.Of(urls.ApprovalPrompt(context, gate.Id, task.Key), task))],
        known.NextCount,
        [.. known.Earlier.Select(task => new EarlierBody(task.Id, task.Key, task.Title, task.Status, task.Summary, urls.TaskResult(context, task.Id)))]);
}

/// <param name="Prompt">Its first 1,000 characters; whole at <paramref name="PromptUrl"/>.</param>
/// <param name="Rendered">Whether the prompt is as it will be sent; a template where something that it needs is not there yet.</param>
internal sealed record NextBody(string Key, string Title, string Agent, string Prompt, bool Shortened, bool Rendered, bool ForEach, string PromptUrl)
{
    private const int MaxPrompt = 1_000;

    public static NextBody Of(string url, NextTask task)
    {
        var shortened = task.Prompt.Length > MaxPrompt;
        return new NextBody(task.Key, task.Title, task.Agent, shortened ? task.Prompt[..MaxPrompt] : task.Prompt, shortened, task.IsRendered, task.ForEach, url);
    }
}

internal sealed record EarlierBody(string TaskId, string Key, string Title, WorkStatus Status, string? Summary, string ResultUrl);
