using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Following;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Templates;

namespace Troupe.Core.Runs;

/// <summary>Launches what <c>on_completion</c> names with a completed run's result. The idempotency key makes a repeat harmless.</summary>
public sealed partial class FollowUps(ToldRuns toldRuns, IRunStore runs, IArtifactStore artifacts, PlanCache plans, RunLauncher launcher, ILogger<FollowUps> logger)
    : IEventConsumer
{
    /// <summary>Runs that follow one another by <c>on_completion</c>: 100, so that one that names itself ends some day.</summary>
    public const int MaxGeneration = 100;

    public bool Wants(string eventType) => eventType == EventTypes.RunCompleted;

    public async Task TakeAsync(RunEvent told, CancellationToken cancellationToken)
    {
        var run = await toldRuns.OfAsync(told, cancellationToken);
        if (run is not { Status: WorkStatus.Completed, Options.OnCompletion: { Action: CompletionAction.Launch } next })
            return;
        if (run.Generation >= MaxGeneration)
        {
            LogRefused(logger, run.Id, $"{MaxGeneration} runs have followed one another; use a schedule for what recurs");
            return;
        }

        if (LaunchOf(next, await ResultAsync(run, cancellationToken), out var refusal) is not { } launch)
        {
            LogRefused(logger, run.Id, refusal!);
            return;
        }

        var key = new Idempotency($"on_completion:{run.Id}", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(run.Id))));
        var launched = await launcher.LaunchAsync(launch with { Generation = run.Generation + 1 }, new Caller(run.User), key, cancellationToken);
        if (launched.Run is null)
            LogRefused(logger, run.Id, string.Join("; ", launched.Problems));
    }

    /// <summary>Null where the prompt cannot be rendered with this result, which no repetition would change.</summary>
    private static Launch? LaunchOf(OnCompletion next, string result, out string? refusal)
    {
        refusal = null;
        if (next.Workflow is { } workflow)
            return new WorkflowLaunch { Workflow = workflow, Inputs = JsonSerializer.SerializeToElement(new { result }) };
        try
        {
            var values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["result"] = result };
            return new TaskLaunch { Agent = next.Agent, Prompt = Template.Render(next.Prompt ?? "{{result}}", values) };
        }
        catch (TemplateException e)
        {
            refusal = e.Message;
            return null;
        }
    }

    private async Task<string> ResultAsync(RunRecord run, CancellationToken cancellationToken)
    {
        var plan = await plans.GetAsync(run.Plan, cancellationToken);
        if (plan.ResultKey is null)
            return "";
        var task = await runs.GetTaskAsync(RunIds.Child(run.Id, plan.ResultKey), cancellationToken);
        return task?.Result is { } content ? await artifacts.ReadTextAsync(content, cancellationToken) : "";
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What on_completion of run {RunId} names could not be launched: {Problems}")]
    private static partial void LogRefused(ILogger logger, string runId, string problems);
}
