using System.Globalization;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>Runs a range of a run's tasks, so that no instance owns more children than replays well.</summary>
public sealed class PartOrchestrator : Orchestrator<PartInput, PartOutcome>
{
    private static readonly TaskOutcome Cancelled = new(new NodeOutcome(WorkStatus.Cancelled), Usage.None);

    public override async Task<PartOutcome> RunAsync(OrchestrationContext context, PartInput input)
    {
        ChildOfRun.Require(context);
        var mailbox = new Mailbox<Happening>();
        var window = new TaskWindow(context, input.RunId, input.Plan, input.Permits, mailbox.Post);
        var outcomes = new Dictionary<WorkUnit, TaskOutcome>();
        var returns = 0;
        Inbox.Open(context, envelope => mailbox.Post(new MessageArrived(envelope)));
        foreach (var unit in input.Units)
            window.Enqueue(unit);
        while (true)
        {
            window.Fill();
            if (window.Idle)
                return new PartOutcome([.. input.Units.Select(unit => outcomes.GetValueOrDefault(unit, Cancelled))]);
            if (window is { Queued: 0, Free: > 0 })
                ReturnPermits(context, input, window, ++returns);
            switch (await mailbox.TakeAsync())
            {
                case UnitEnded ended:
                    window.Release(ended.Unit);
                    outcomes[ended.Unit] = ended.Outcome;
                    break;
                case MessageArrived { Envelope: { Kind: EnvelopeKinds.Permits } permits }:
                    window.AddPermits(Math.Clamp(permits.Read<int>(), 0, input.Units.Count));
                    break;
                case MessageArrived { Envelope.Kind: EnvelopeKinds.Cancel }:
                    window.Cancel();
                    break;
            }
        }
    }

    private static void ReturnPermits(OrchestrationContext context, PartInput input, TaskWindow window, int number)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{context.InstanceId}-return-{number}");
        context.SendEvent(input.ParentId, Inbox.EventName, Envelope.Create(id, EnvelopeKinds.Permits, new PermitReturn(context.InstanceId, window.Free)));
        window.TakePermits(window.Free);
    }
}
