using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Json;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Carries out one tool call of an agent and stores the answer for the next turn.</summary>
public sealed class ToolCall(IRunStore runs, IGateStore gates, IArtifactStore artifacts, ToolBox tools) : Activity<ToolInput, bool>
{
    public override async Task<bool> RunAsync(ActivityContext context, ToolInput input)
    {
        var key = TurnKeys.Tool(input.Attempt, input.Turn, input.Number);
        if (await runs.GetTurnAsync(input.TaskId, key, context.CancellationToken) is not null)
            return true;
        var result = input.Gate is { } gate
            ? new ToolResult(await AnswerAsync(gate, context.CancellationToken))
            : await tools.CallAsync(input.Call, context.CancellationToken);
        await runs.UpdateTaskAsync(
            input.TaskId,
            new Change<TaskRecord>(task => Apply(task, result), Events: EventData.Of(
                EventTypes.TaskProgress, input.TaskId, $"tool:{input.TaskId}:{key}", new { Tool = input.Call.Name, Message = (result.Progress ?? result.Text).Shorten(200) })),
            context.CancellationToken);
        var report = new ToolReport(await artifacts.ToContentAsync(result.Text, context.CancellationToken));
        await runs.PutTurnAsync(input.TaskId, key, JsonSerializer.Serialize(report, TroupeJson.Options), context.CancellationToken);
        return true;
    }

    /// <summary>What the person said whom the agent asked; in words where nobody did.</summary>
    private async Task<string> AnswerAsync(string gateId, CancellationToken cancellationToken) =>
        await gates.GetAsync(gateId, cancellationToken) switch
        {
            { Answer.Value: { } answer } => await artifacts.ReadTextAsync(answer, cancellationToken),
            { Status: GateStatus.TimedOut } => "Nobody answered in time. Go on without an answer, and say so in your result.",
            _ => "The question was withdrawn. Go on without an answer, and say so in your result.",
        };

    private static TaskRecord Apply(TaskRecord task, ToolResult result) => task with
    {
        CurrentStep = result.Progress is { } progress ? progress.Shorten(200) : task.CurrentStep,
        FilesCreated = result.File is { } file ? [.. task.FilesCreated.Where(old => old.Path != file.Path), file] : task.FilesCreated,
    };
}

/// <param name="Gate">The id of the question's gate whose answer is the result; null for a tool that works by itself.</param>
public sealed record ToolInput(string TaskId, int Attempt, int Turn, int Number, AgentToolCall Call, string? Gate = null);

/// <param name="Text">What the model is told.</param>
public sealed record ToolReport(Content Text);
