using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Templates;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Launches what <c>on_completion</c> names with a completed run's result. The idempotency key makes a repeat harmless.</summary>
public sealed partial class FollowUp(IRunStore runs, IArtifactStore artifacts, PlanCache plans, RunLauncher launcher, ILogger<FollowUp> logger)
    : Activity<RunInput, string?>
{
    public override async Task<string?> RunAsync(ActivityContext context, RunInput input)
    {
        var run = await runs.GetRunAsync(input.RunId, context.CancellationToken);
        if (run is not { Status: WorkStatus.Completed, Options.OnCompletion: { Action: CompletionAction.Launch } next })
            return null;
        var result = await ResultAsync(run, context.CancellationToken);
        var launched = await launcher.LaunchAsync(
            LaunchOf(next, result), new Caller(run.User), new Idempotency($"on_completion:{run.Id}", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(run.Id)))), context.CancellationToken);
        if (launched.Run is null)
            LogRefused(logger, run.Id, string.Join("; ", launched.Problems));
        return launched.Run?.Id;
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
