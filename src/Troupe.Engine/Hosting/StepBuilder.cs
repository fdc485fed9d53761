using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Hosting;

/// <summary>Works out what a step changes in the store.</summary>
internal sealed class StepBuilder(OrchestratorCatalog catalog, EngineOptions options)
{
    /// <summary>The commit of a step that the machine took.</summary>
    public StepCommit Build(InstanceRecord before, Step step, IReadOnlyList<long> consumed, OrchestrationMachine machine)
    {
        var last = step.Decisions.Count > 0 ? step.Decisions[^1] : null;
        var ended = last as ExecutionCompleted;
        var status = ended?.Status ?? (machine.IsSuspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running);
        var kept = ended is null ? machine.KeptEvents : default;
        var after = Advance(before, step, machine.Open, status, kept, machine.HasSetCustomStatus ? machine.CustomStatus : before.CustomStatus);
        if (last is ContinuedAsNew next) return ContinueAsNew(before, after, step, next, consumed);
        if (ended is null && after.HistoryEvents > options.MaxHistoryEvents)
            return End(before, step with { Decisions = [] }, consumed, machine.Open.ChildIds, TooLong(after.HistoryEvents));
        return new StepCommit(before, after, step)
        {
            Consumed = consumed,
            Children = Children(before, step),
            Outgoing = [.. Outgoing(before, step), .. Cascade(step, machine.Open), .. Report(before, ended)],
        };
    }

    /// <summary>The commit of a step that ends the instance from outside, whatever its code would do.</summary>
    /// <param name="children">Those that have not ended: they end with it.</param>
    public static StepCommit End(InstanceRecord before, Step step, IReadOnlyList<long> consumed, IEnumerable<string> children, ExecutionCompleted ended)
    {
        step = step with { Decisions = [.. step.Decisions, ended] };
        return new StepCommit(before, Advance(before, step, new OpenWork(), ended.Status, default, before.CustomStatus), step)
        {
            Consumed = consumed,
            Outgoing = [.. ToChildren(children, new ExecutionTerminated(ended.Output)), .. Report(before, ended)],
        };
    }

    /// <summary>The instance that a recorded call of a registered orchestrator starts.</summary>
    public NewInstance Start(InstanceRecord parent, DateTime time, ChildStarted child)
    {
        // A child takes its parent's version, but not every child was released in that version.
        var version = catalog.Has(child.Name, child.Version) ? child.Version : catalog.Newest(child.Name)!;
        var record = new InstanceRecord(child.InstanceId, child.Name, version)
        {
            Parent = new ParentLink(parent.Key, parent.Id, parent.Execution, child.TaskId),
            CreatedAt = time,
            UpdatedAt = time,
        };
        return new NewInstance(record, child.Input);
    }

    public bool IsRegistered(ChildStarted child) => catalog.Newest(child.Name) is not null;

    private static InstanceRecord Advance(
        InstanceRecord before, Step step, OpenWork open, OrchestrationRuntimeStatus status, EventVolume kept, string? customStatus) => before with
        {
            Status = status,
            UpdatedAt = step.Time,
            Steps = before.Steps + 1,
            HistoryEvents = before.HistoryEvents + step.Messages.Count + step.Decisions.Count,
            OpenActivities = open.Activities.Count,
            WakeAt = status == OrchestrationRuntimeStatus.Running ? open.NextTimer : null,
            KeptEvents = kept,
            KeepsUnmeasured = false,
            CustomStatus = customStatus,
            BlockedReason = null,
        };

    private StepCommit ContinueAsNew(InstanceRecord before, InstanceRecord after, Step step, ContinuedAsNew next, IReadOnlyList<long> consumed) => new(
        before,
        after with
        {
            Execution = before.Execution + 1,
            Version = catalog.Newest(before.Name) ?? before.Version,
            Steps = 0,
            HistoryEvents = 0,
            OpenActivities = 0,
            WakeAt = null,
            KeptEvents = EventVolume.Of(next.Carried),
        },
        step)
    {
        Consumed = consumed,
        Carried = [new ExecutionStarted(next.Input), .. next.Carried],
        Outgoing = Outgoing(before, step),
    };

    private List<NewInstance> Children(InstanceRecord before, Step step)
    {
        List<NewInstance> children = [];
        foreach (var decision in step.Decisions)
        {
            if (decision is ChildStarted child && IsRegistered(child)) children.Add(Start(before, step.Time, child));
        }

        return children;
    }

    private List<OutgoingMessage> Outgoing(InstanceRecord before, Step step)
    {
        List<OutgoingMessage> outgoing = [];
        foreach (var decision in step.Decisions)
        {
            if (decision is EventSent { WasSentBefore: false } sent)
            {
                outgoing.Add(new OutgoingMessage(sent.InstanceId, new EventRaised(sent.Name, sent.Payload)));
            }
            else if (decision is ChildStarted child && !IsRegistered(child))
            {
                var failure = FailureDetails.FromException(new OrchestratorNotRegisteredException(child.Name));
                outgoing.Add(new OutgoingMessage(before.Id, new TaskFailed(child.TaskId, failure)) { Only = (before.Key, before.Execution) });
            }
        }

        return outgoing;
    }

    /// <summary>Suspend and resume reach the children.</summary>
    private static IEnumerable<OutgoingMessage> Cascade(Step step, OpenWork open) => open.Children.Count == 0
        ? []
        : step.Messages.Where(static message => message is ExecutionSuspended or ExecutionResumed).SelectMany(message => ToChildren(open.ChildIds, message));

    private static IEnumerable<OutgoingMessage> ToChildren(IEnumerable<string> children, Message message) =>
        children.Select(child => new OutgoingMessage(child, message));

    private static OutgoingMessage[] Report(InstanceRecord before, ExecutionCompleted? ended)
    {
        if (ended is null || before.Parent is not { } parent) return [];
        Message outcome = ended.Status == OrchestrationRuntimeStatus.Completed
            ? new TaskCompleted(parent.TaskId, ended.Output)
            : new TaskFailed(parent.TaskId, ended.Failure ?? new FailureDetails(
                "Troupe.Durable.OrchestrationTerminated", $"The orchestration '{before.Id}' was {ended.Status}. {ended.Output}"));
        return [new OutgoingMessage(parent.InstanceId, outcome) { Only = (parent.Key, parent.Execution) }];
    }

    private ExecutionCompleted TooLong(int events)
    {
        var error = new DurableLimitExceededException(
            $"The history holds {events:N0} events; the limit is {options.MaxHistoryEvents:N0}. "
            + "Use ContinueAsNew, or split the work over child orchestrations.");
        return new ExecutionCompleted(OrchestrationRuntimeStatus.Failed, null, FailureDetails.FromException(error));
    }
}
