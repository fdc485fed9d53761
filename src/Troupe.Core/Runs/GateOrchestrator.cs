using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>
/// Waits for a person's decision or another system's callback. The gate's row is the truth: a message only says that it is worth a look,
/// so one that is lost or repeated changes nothing, and a decision that came before the wait is found when the gate opens.
/// </summary>
public sealed class GateOrchestrator : Orchestrator<GateInput, NodeOutcome>
{
    public override async Task<NodeOutcome> RunAsync(OrchestrationContext context, GateInput input)
    {
        ChildOfRun.Require(context);
        var mailbox = new Mailbox<GateStatus>();
        Inbox.Open(context, envelope => mailbox.Post(envelope.Kind == EnvelopeKinds.Cancel ? GateStatus.Cancelled : GateStatus.Pending));
        var status = await context.CallActivityAsync<GateStatus>(nameof(OpenGate), input);
        if (status != GateStatus.Pending)
            return await SettleAsync(context, input, GateStatus.Pending);
        var escalate = input.Gate.OnTimeout == OnTimeout.Escalate;
        var timer = StartTimer(context, input, mailbox);
        try
        {
            while (true)
            {
                var close = await mailbox.TakeAsync();
                var outcome = await SettleAsync(context, input, close, close == GateStatus.TimedOut && escalate);
                if (outcome.Status != WorkStatus.Waiting)
                    return outcome;
                if (close != GateStatus.TimedOut)
                    continue;
                escalate = false;
                timer = StartTimer(context, input, mailbox);
            }
        }
        finally
        {
            timer?.Dispose();
        }
    }

    private static DurableTimer? StartTimer(OrchestrationContext context, GateInput input, Mailbox<GateStatus> mailbox) =>
        input.Gate.Timeout is { } timeout
            ? DurableTimer.Start(context, context.CurrentUtcDateTime + timeout, () => mailbox.Post(GateStatus.TimedOut))
            : null;

    private static Task<NodeOutcome> SettleAsync(OrchestrationContext context, GateInput input, GateStatus close, bool escalate = false) =>
        context.CallActivityAsync<NodeOutcome>(nameof(SettleGate), new GateSettlement(input, close, escalate));
}
