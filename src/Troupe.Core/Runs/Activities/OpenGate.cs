using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Inserts a gate's row unless it is there. A callback that came early closes it at once.</summary>
public sealed class OpenGate(IGateStore gates, IRunStore runs, TimeProvider time) : Activity<GateInput, GateStatus>
{
    public override async Task<GateStatus> RunAsync(ActivityContext context, GateInput input)
    {
        var isCallback = input.Gate.Type == GateType.Callback;
        var now = time.GetUtcNow();
        var id = RunIds.Child(input.RunId, input.Key);
        var run = await runs.GetRunAsync(input.RunId, context.CancellationToken);
        var gate = await gates.CreateIfAbsentAsync(
            new GateRecord
            {
                Id = id,
                RunId = input.RunId,
                Key = input.Key,
                AskedBy = run?.User,
                TaskKey = input.Task,
                Kind = KindOf(input.Gate.Type),
                Question = input.Gate.Question,
                Title = isCallback ? input.Gate.Callback! : input.Gate.Title ?? input.Title,
                Description = input.Gate.Description,
                Status = GateStatus.Pending,
                CreatedAt = now,
                Quorum = input.Gate.Quorum,
                Approvers = input.Gate.Approvers,
                ExpiresAt = input.Gate.Timeout is { } timeout ? now + timeout : null,
            },
            [EventData.Of(EventOf(input.Gate.Type), TaskIdOf(input), $"opened:{id}", new { Gate = id, input.Gate.Callback, Title = input.Gate.Title ?? input.Gate.Callback ?? input.Title, Quorum = input.Gate.Quorum > 1 ? input.Gate.Quorum : (int?)null })],
            context.CancellationToken);
        if (gate.ClosedWithRun && run?.MayGoOn == true)
            gate = await GateClosing.ReopenAsync(gates, id, context.CancellationToken) ?? gate;
        if (gate.Status == GateStatus.Pending && isCallback
            && await gates.GetCallbackAsync(input.RunId, input.Gate.Callback!, context.CancellationToken) is { } early)
            return (await GateClosing.ReceiveAsync(gates, id, early, context.CancellationToken))?.Status ?? gate.Status;
        return gate.Status;
    }

    private static GateKind KindOf(GateType type) => type switch
    {
        GateType.Callback => GateKind.Callback,
        GateType.Question => GateKind.Question,
        _ => GateKind.Approval,
    };

    private static string EventOf(GateType type) => type switch
    {
        GateType.Callback => EventTypes.CallbackAwaited,
        GateType.Question => EventTypes.QuestionAsked,
        _ => EventTypes.ApprovalRequested,
    };

    private static string? TaskIdOf(GateInput input) => input.Task is { } task ? RunIds.Child(input.RunId, task) : null;
}
