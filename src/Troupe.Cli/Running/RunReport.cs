using System.Text.Json;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>What <c>troupe run</c> says at the start and at the end: the result on standard output, everything else on standard error.</summary>
internal sealed class RunReport(RunSession session, Shell shell, bool json)
{
    public bool IsJson => json;

    /// <summary>Said after a first Ctrl-C.</summary>
    public string Detaching => session.IsEmbedded
        ? "Detaching: the run is kept and goes on when a server starts ('troupe serve', or the next 'troupe run'). Ctrl-C again cancels it."
        : "Detaching: the run goes on. Ctrl-C again cancels it.";

    public void Started(LaunchResponse launched)
    {
        Say($"Run {launched.WorkflowId} on {session.Client.Address}");
        SayCallbacks(launched);
    }

    public int Launched(LaunchResponse launched)
    {
        if (json)
            JsonOutput.Write(shell.Out, launched);
        else
            shell.Out.WriteLine(launched.WorkflowId);
        SayCallbacks(launched);
        if (session.IsEmbedded)
            Say($"Accepted. No server stays behind: the run goes on when one starts ('troupe serve') on {session.Data.Path}.");
        return ExitCodes.Success;
    }

    public int Detached(string workflowId)
    {
        Say($"Detached from run {workflowId}. See it with: troupe status {workflowId}");
        return ExitCodes.Detached;
    }

    public async Task<int> FinishedAsync(RunSnapshot finished)
    {
        var result = await RunResult.ReadAsync(session.Client, finished, CancellationToken.None);
        if (json)
            JsonOutput.Write(shell.Out, RunOutcome.Of(finished, result));
        else
            Print(finished, result);
        return finished.Run.Status switch
        {
            WorkStatus.Completed => ExitCodes.Success,
            WorkStatus.Cancelled => ExitCodes.Cancelled,
            _ => ExitCodes.Failed,
        };
    }

    private void Print(RunSnapshot finished, TaskResult? result)
    {
        var run = finished.Run;
        var failed = finished.Tasks.Where(static task => task.Status == WorkStatus.Failed).ToList();
        foreach (var task in failed)
            Say($"{Words.Line(task.Title ?? task.TaskId, 60)}: {Words.Line(task.Error?.Message ?? "failed", 500)}");
        if (failed.Count == 0 && run.Error is { } error)
            Say($"Error: {Words.Line(error.Message, 500)}");
        var figures = string.Join(", ", new[] { Words.Count(finished.Tasks.Count, "task"), Words.Usage(run.Usage) }.Where(static part => part.Length > 0));
        Say($"{Words.Status(run.Status)} in {Words.Elapsed(finished.Elapsed(shell.Time))}: {figures}");
        if (finished.Tasks.Any(static task => task.Simulated))
            Say("Answers came from the offline simulation. Set a provider's key, such as ANTHROPIC_API_KEY or OPENAI_API_KEY, for a real model's.");
        if (result is not null)
            shell.Out.WriteLine(Words.Plain(result.ResultText).TrimEnd());
    }

    private void SayCallbacks(LaunchResponse launched)
    {
        foreach (var line in CallbackLines.Of(launched))
            Say(line);
    }

    private void Say(string line)
    {
        if (!json)
            shell.Error.WriteLine(line);
    }
}

/// <summary>What <c>troupe run --json</c> prints at the end.</summary>
internal sealed record RunOutcome(
    string WorkflowId,
    string? Name,
    WorkStatus Status,
    JsonElement? Result,
    string? ResultType,
    FailureInfo? Error,
    UsageInfo? Usage,
    IReadOnlyList<TaskInfo> Tasks)
{
    public static RunOutcome Of(RunSnapshot finished, TaskResult? result) => new(
        finished.Run.WorkflowId,
        finished.Run.Name,
        finished.Run.Status,
        result?.Result,
        result?.ResultType,
        finished.Run.Error,
        finished.Run.Usage,
        finished.Tasks);
}
