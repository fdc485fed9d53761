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
public sealed partial class FollowUps(IRunStore runs, IArtifactStore artifacts, PlanCache plans, RunLauncher launcher, ILogger<FollowUps> logger)
    : IEventConsumer
{
    /// <summary>Runs that follow one another by <c>on_completion</c>: 100, so that one that names itself ends some day.</summary>
    public const int MaxGeneration = 100;

    public bool Wants(string eventType) => eventType == EventTypes.RunCompleted;

    public async Task TakeAsync(RunEvent told, CancellationToken cancellationToken)
    {
        var run = await runs.GetRunAsync(told.RunId, cancellationToken);
        if (run is not { Status: WorkStatus.Completed, Options.OnCompletion: { Action: CompletionAction.Launch } next })
            return;
        if (run.Generation >= MaxGeneration)
        {
            LogRefused(logger, run.Id, $"{MaxGeneration} runs have followed one another; use a schedule for what recurs");
            return;
        }

        var launch = LaunchOf(next, await ResultAsync(run, cancellationToken)) with { Generation = run.Generation + 1 };
        var key = new Idempotency($"on_completion:{run.Id}", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(run.Id))));
        var launched = await launcher.LaunchAsync(launch, new Caller(run.User), key, cancellationToken);
        if (launched.Run is null)
            LogRefused(logger, run.Id, string.Join("; ", launched.Problems));
    }

    private static Launch LaunchOf(OnCompletion next, string result) => next.Workflow is { } workflow
        ? new WorkflowLaunch { Workflow = workflow, Inputs = JsonSerializer.SerializeToElement(new { result }) }
        : new TaskLaunch { Agent = next.Agent, Prompt = Template.Render(next.Prompt ?? "{{result}}", new Dictionary<string, object?>(StringComparer.Ordinal) { ["result"] = result }) };

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
