using Troupe.Durable;
using Troupe.Engine.Activities;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Hosting;

/// <summary>
/// What must not happen before a step is committed: others are told, activities run or are cancelled, timers are set, waiting callers
/// are answered.
/// </summary>
internal sealed class StepEffects(string instanceId, EngineCore core, Func<Func<Mail, bool>, bool> hasMail)
{
    private bool _toldOfOpenWork;

    /// <param name="active">The execution as it goes on; null where the instance has ended.</param>
    public void CarryOut(StepCommit commit, CommitOutcome outcome, ActiveExecution? active)
    {
        var (before, after) = (commit.Before, commit.After);
        foreach (var (target, message) in outcome.Delivered) core.Directory.Post(target, new Mail(message.Message, message.Sequence));
        foreach (var child in outcome.Started) core.Directory.Post(child.Record.Id, new Mail(null) { Created = child });
        if (active is null)
        {
            core.Activities.Cancel(before.Key);
            core.Ended(after);
            return;
        }

        if (active.Machine.IsSuspended) core.Activities.Cancel(before.Key);
        else if (before.Status == OrchestrationRuntimeStatus.Suspended) DispatchOpenActivities(active, []);
        else Dispatch(active, commit.Step.Decisions.OfType<ActivityScheduled>());
        if (after.WakeAt is { } wakeAt && wakeAt != before.WakeAt) core.Timers.Schedule(instanceId, wakeAt);
        if (commit.StartsNextExecution) core.Directory.Post(instanceId, Mail.Wake);
        else TellOfOpenWork(active.Machine);
    }

    /// <summary>Queues every open activity that is neither queued nor running, and whose outcome has not arrived.</summary>
    public void DispatchOpenActivities(ActiveExecution active, List<Mail> batch)
    {
        var machine = active.Machine;
        if (machine.IsSuspended) core.Activities.Cancel(active.Record.Key);
        if (machine.IsSuspended || machine.Open.Activities.Count == 0) return;
        HashSet<int> arrived = [];
        foreach (var message in active.Carried) Note(message);
        foreach (var mail in batch) Note(mail.Message);
        Dispatch(active, machine.Open.Activities.Values.Where(activity =>
            !core.Activities.Keep(Call(active, activity))
            && !arrived.Contains(activity.TaskId)
            && !hasMail(mail => OutcomeOf(mail.Message) == activity.TaskId)));

        void Note(Message? message)
        {
            if (OutcomeOf(message) is { } taskId) arrived.Add(taskId);
        }
    }

    /// <summary>Queues activities that nobody can have queued before.</summary>
    public void Dispatch(ActiveExecution active, IEnumerable<ActivityScheduled> activities)
    {
        List<ActivityCall> calls = [];
        foreach (var activity in activities) calls.Add(Call(active, activity));
        if (calls.Count > 0) core.Activities.Dispatch(calls);
    }

    private ActivityCall Call(ActiveExecution active, ActivityScheduled activity) =>
        new(instanceId, active.Record.Key, active.Record.Execution, activity);

    private void TellOfOpenWork(OrchestrationMachine machine)
    {
        if (_toldOfOpenWork || !machine.AwaitsOpenWork) return;
        _toldOfOpenWork = true;
        core.Logger.WaitsForOpenWork(instanceId, machine.Open.Describe());
    }

    private static int? OutcomeOf(Message? message) => message switch
    {
        TaskCompleted done => done.TaskId,
        TaskFailed failed => failed.TaskId,
        _ => null,
    };
}
