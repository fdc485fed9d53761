using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Json;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Carries out one tool call of an agent and stores the answer for the next turn.</summary>
public sealed class ToolCall(IRunStore runs, IArtifactStore artifacts, ToolBox tools) : Activity<ToolInput, bool>
{
    public override async Task<bool> RunAsync(ActivityContext context, ToolInput input)
    {
        var key = TurnKeys.Tool(input.Attempt, input.Turn, input.Number);
        if (await runs.GetTurnAsync(input.TaskId, key, context.CancellationToken) is not null)
            return true;
        var result = await tools.CallAsync(input.Call, context.CancellationToken);
        await runs.UpdateTaskAsync(
            input.TaskId,
            new Change<TaskRecord>(task => Apply(task, result), Events: EventData.Of(
                EventTypes.TaskProgress, input.TaskId, $"tool:{input.TaskId}:{key}", new { Tool = input.Call.Name, Message = EventData.Shorten(result.Progress ?? result.Text, 200) })),
            context.CancellationToken);
        var report = new ToolReport(await artifacts.ToContentAsync(result.Text, context.CancellationToken));
        await runs.PutTurnAsync(input.TaskId, key, JsonSerializer.Serialize(report, TroupeJson.Options), context.CancellationToken);
        return true;
    }

    private static TaskRecord Apply(TaskRecord task, ToolResult result) => task with
    {
        CurrentStep = result.Progress is { } progress ? EventData.Shorten(progress, 200) : task.CurrentStep,
        FilesCreated = result.File is { } file ? [.. task.FilesCreated.Where(old => old.Path != file.Path), file] : task.FilesCreated,
    };
}

public sealed record ToolInput(string TaskId, int Attempt, int Turn, int Number, AgentToolCall Call);

/// <param name="Text">What the model is told.</param>
public sealed record ToolReport(Content Text);
