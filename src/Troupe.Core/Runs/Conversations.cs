using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Json;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;

namespace Troupe.Core.Runs;

/// <summary>Builds a turn's conversation from what earlier turns and tool calls have stored, so that histories carry no messages.</summary>
public sealed class Conversations(IRunStore runs, IArtifactStore artifacts)
{
    public async Task<AgentTurnRequest> RequestAsync(Plan plan, TurnInput input, CancellationToken cancellationToken)
    {
        var task = plan.Nodes.First(node => node.Key == input.Node).Task!;
        var agent = plan.Agents[task.Agent];
        var messages = new List<AgentMessage> { new(MessageRole.User, await artifacts.ReadTextAsync(input.Prompt, cancellationToken)) };
        for (var turn = 1; turn < input.Turn; turn++)
            await AddTurnAsync(messages, input, turn, cancellationToken);
        return new AgentTurnRequest
        {
            Agent = agent,
            Messages = messages,
            Mode = task.Options.Mode ?? agent.Mode ?? ExecutionMode.Api,
            UseDirectLlm = task.Options.UseDirectLlm ?? true,
            Attempt = input.Attempt,
            Turn = input.Turn,
            Tools = ToolBox.For(agent),
        };
    }

    private async Task AddTurnAsync(List<AgentMessage> messages, TurnInput input, int turn, CancellationToken cancellationToken)
    {
        var report = await ReadAsync<TurnReport>(input.TaskId, TurnKeys.Turn(input.Attempt, turn), cancellationToken);
        messages.Add(new AgentMessage(MessageRole.Assistant, await artifacts.ReadTextAsync(report.Text ?? Content.Inline(""), cancellationToken), report.ToolCalls));
        for (var call = 0; call < report.ToolCalls.Count; call++)
        {
            var answer = await ReadAsync<ToolReport>(input.TaskId, TurnKeys.Tool(input.Attempt, turn, call), cancellationToken);
            messages.Add(new AgentMessage(MessageRole.Tool, await artifacts.ReadTextAsync(answer.Text, cancellationToken), ToolCallId: report.ToolCalls[call].Id));
        }
    }

    private async Task<T> ReadAsync<T>(string taskId, string key, CancellationToken cancellationToken)
    {
        var json = await runs.GetTurnAsync(taskId, key, cancellationToken)
            ?? throw new InvalidDataException($"The stored turn {key} of the task '{taskId}' is missing.");
        return JsonSerializer.Deserialize<T>(json, TroupeJson.Options)!;
    }
}
