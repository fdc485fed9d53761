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
    /// <summary>Reminders of one gate at most, so that its history stays small.</summary>
    public const int MaxReminders = 100;

    private enum Wake
    {
        Look,
        Cancelled,
        Due,
        Remind,
    }

    public override async Task<NodeOutcome> RunAsync(OrchestrationContext context, GateInput input)
    {
        ChildOfRun.Require(context);
        var mailbox = new Mailbox<Wake>();
        Inbox.Open(context, envelope => mailbox.Post(envelope.Kind == EnvelopeKinds.Cancel ? Wake.Cancelled : Wake.Look));
        var status = await context.CallActivityAsync<GateStatus>(nameof(OpenGate), input);
        if (status != GateStatus.Pending)
            return await SettleAsync(context, new GateSettlement(input, GateStatus.Pending));
        var (escalate, reminders) = (input.Gate.OnTimeout == OnTimeout.Escalate, 0);
        var deadline = Start(context, input.Gate.Timeout, mailbox, Wake.Due);
        var reminder = Start(context, input.Gate.Remind, mailbox, Wake.Remind);
        try
        {
            while (true)
            {
                var wake = await mailbox.TakeAsync();
                if (wake == Wake.Remind)
                    reminders++;
                var outcome = await SettleAsync(context, SettlementOf(input, wake, escalate, reminders));
                if (outcome.Status != WorkStatus.Waiting)
                    return outcome;
                if (wake == Wake.Remind && reminders < MaxReminders)
                    reminder = Start(context, input.Gate.Remind, mailbox, Wake.Remind);
                if (wake != Wake.Due)
                    continue;
                escalate = false;
                deadline = Start(context, input.Gate.EscalateTimeout ?? input.Gate.Timeout, mailbox, Wake.Due);
            }
        }
        finally
        {
            deadline?.Dispose();
            reminder?.Dispose();
        }
    }

    private static GateSettlement SettlementOf(GateInput input, Wake wake, bool escalate, int reminders) => wake switch
    {
        Wake.Cancelled => new(input, GateStatus.Cancelled),
        Wake.Due => new(input, GateStatus.TimedOut, escalate),
        Wake.Remind => new(input, GateStatus.Pending, Reminder: reminders),
        _ => new(input, GateStatus.Pending),
    };

    private static DurableTimer? Start(OrchestrationContext context, TimeSpan? after, Mailbox<Wake> mailbox, Wake wake) =>
        after is { } time ? DurableTimer.Start(context, context.CurrentUtcDateTime + time, () => mailbox.Post(wake)) : null;

    private static Task<NodeOutcome> SettleAsync(OrchestrationContext context, GateSettlement settlement) =>
        context.CallActivityAsync<NodeOutcome>(nameof(SettleGate), settlement);
}
