using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Json;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Runs.Activities;

namespace Troupe.Core.Approvals;

/// <summary>
/// The questions for whole results of tasks that only a person can do. They stand in the inbox beside those of agents; their row is the
/// truth, and the task takes the answer from the turn that is stored of it.
/// </summary>
public sealed class ResultGates(IRunStore runs, IGateStore gates, IArtifactStore artifacts, PlanCache plans, RunControl control, TimeProvider time)
{
    internal static string IdOf(TaskRecord task) => RunIds.Child(task.RunId, KeyOf(task));

    /// <summary>Asks for a task's result, unless that was done before.</summary>
    internal async Task OpenAsync(string taskId, CancellationToken cancellationToken)
    {
        if (await runs.GetTaskAsync(taskId, cancellationToken) is not { } task || await runs.GetRunAsync(task.RunId, cancellationToken) is not { } run)
            return;
        var plan = await plans.GetAsync(run.Plan, cancellationToken);
        var gate = new GateRecord
        {
            Id = IdOf(task),
            RunId = run.Id,
            Key = KeyOf(task),
            Kind = GateKind.Question,
            Title = task.Title,
            Status = GateStatus.Pending,
            CreatedAt = time.GetUtcNow(),
            AskedBy = run.User,
            TaskKey = task.Key,
            Question = new Question { Kind = QuestionKind.Result, Schema = task.Agent is { } agent ? plan.Agents.GetValueOrDefault(agent)?.OutputSchema : null },
        };
        await gates.CreateIfAbsentAsync(
            gate, [EventData.Of(EventTypes.QuestionAsked, task.Id, $"opened:{gate.Id}", new { Gate = gate.Id, gate.Title })], cancellationToken);
    }

    /// <summary>Hands an answered question's result to its task. Doing it again is harmless.</summary>
    internal async Task DeliverAsync(GateRecord gate, CancellationToken cancellationToken)
    {
        if (gate is not { Answer: { } answer, TaskKey: { } key })
            return;
        var taskId = RunIds.Child(gate.RunId, key);
        var text = await artifacts.ReadTextAsync(answer.Value, cancellationToken);
        var report = new TurnReport
        {
            Outcome = TurnOutcome.Answer,
            Text = answer.Value,
            Summary = text.Trim().Shorten(280),
            IsJson = answer.IsJson,
            Provider = $"person:{answer.User}",
        };
        await runs.PutTurnAsync(taskId, TurnKeys.Answer, JsonSerializer.Serialize(report, TroupeJson.Options), cancellationToken);
        await control.TellAsync(taskId, new Envelope("answer", EnvelopeKinds.Answer), cancellationToken);
    }

    private static string KeyOf(TaskRecord task) => $"{task.Key}.result";
}
