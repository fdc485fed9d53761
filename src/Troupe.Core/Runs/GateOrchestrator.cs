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
    private const string Timer = "timer";

    public override async Task<NodeOutcome> RunAsync(OrchestrationContext context, GateInput input)
    {
        var mailbox = new Mailbox<string>();
        Inbox.Open(context, envelope => mailbox.Post(envelope.Kind));
        var status = await context.CallActivityAsync<GateStatus>(nameof(OpenGate), input);
        if (status != GateStatus.Pending)
            return await SettleAsync(context, input, GateStatus.Pending);
        var escalate = input.Gate.OnTimeout == OnTimeout.Escalate;
        var timer = StartTimer(context, input, mailbox);
        try
        {
            while (true)
            {
                var happened = await mailbox.TakeAsync();
                var outcome = await SettleAsync(context, input, CloseFor(happened), happened == Timer && escalate);
                if (outcome.Status != WorkStatus.Waiting)
                    return outcome;
                if (happened != Timer)
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

    private static GateStatus CloseFor(string happened) => happened switch
    {
        Timer => GateStatus.TimedOut,
        EnvelopeKinds.Cancel => GateStatus.Cancelled,
        _ => GateStatus.Pending,
    };

    private static DurableTimer? StartTimer(OrchestrationContext context, GateInput input, Mailbox<string> mailbox) =>
        input.Gate.Timeout is { } timeout
            ? DurableTimer.Start(context, context.CurrentUtcDateTime + timeout, () => mailbox.Post(Timer))
            : null;

    private static Task<NodeOutcome> SettleAsync(OrchestrationContext context, GateInput input, GateStatus close, bool escalate = false) =>
        context.CallActivityAsync<NodeOutcome>(nameof(SettleGate), new GateSettlement(input, close, escalate));
}
