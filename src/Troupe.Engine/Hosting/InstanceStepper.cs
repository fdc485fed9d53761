using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Hosting;

/// <summary>Takes the steps of one instance: load, step, commit, and only then the effects. Used by one loop, one call at a time.</summary>
/// <param name="hasMail">Whether such mail has come since the batch at hand was taken.</param>
internal sealed class InstanceStepper(string instanceId, EngineCore core, Func<Func<Mail, bool>, bool> hasMail)
{
    private readonly InstanceLoader _loader = new(instanceId, core);
    private readonly StepEffects _effects = new(instanceId, core, hasMail);
    private ActiveExecution? _active;
    private bool _blocked;

    /// <summary>The instance has ended, or is not there.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Drops the state in memory, so that the next mail finds what the store says.</summary>
    public void Forget()
    {
        _blocked = false;
        Drop();
    }

    public async Task HandleAsync(List<Mail> batch)
    {
        if (batch.Exists(static mail => mail.IsReload)) Forget();

        if (_active is not null || _blocked) _loader.Skip(batch);
        else if (await BeginAsync(batch) is { } all) batch = all;
        else return;

        if (_active?.Machine.HasGoneAstray == true) await BlockAsync(_active.Record, IllegalAwaitException.OnForeignThread());
        if (_blocked) await HandleBlockedAsync(batch);
        else await StepAsync(batch);
    }

    /// <summary>Brings the instance into memory and returns the mail with what waits in the store; null where there is nothing to do.</summary>
    private async Task<List<Mail>?> BeginAsync(List<Mail> batch)
    {
        var loaded = await _loader.LoadAsync(batch);
        IsGone = loaded.Record is null or { IsFinished: true };
        if (loaded.Record is not { IsFinished: false } record)
        {
            if (loaded.Record is { } ended) core.Activities.Cancel(ended.Key);
            core.Blocked.TryRemove(instanceId, out _);
            core.Waiters.Ended(instanceId);
            return null;
        }

        if (record.WakeAt is { } wakeAt) core.Timers.Schedule(instanceId, wakeAt);
        if (loaded.Blocked is { } reason)
        {
            await BlockAsync(record, reason);
            return loaded.Mail;
        }

        _active = loaded.Active;
        if (_active is null) return null;
        core.Blocked.TryRemove(instanceId, out _);
        if (loaded.First is { } first) await CommitAsync(core.Steps.Build(record, first, [], _active.Machine), _active);
        else if (loaded.IsNew) _effects.Dispatch(_active, _active.Machine.Open.Activities.Values);
        else _effects.DispatchOpenActivities(_active, loaded.Mail);
        return IsGone ? null : loaded.Mail;
    }

    private async Task StepAsync(List<Mail> batch)
    {
        var active = _active!;
        var (record, machine) = (active.Record, active.Machine);
        var intake = StepIntake.Of(active, batch);
        if (intake.ToTermination is { } last)
        {
            await TerminateAsync(record, machine.Open.ChildIds, last, intake.Consumed);
            return;
        }

        var due = machine.IsSuspended ? [] : machine.Open.DueTimers(core.Now);
        foreach (var (timer, _) in due) intake.Messages.Add(new TimerFired(timer));
        if (intake.IsEmpty && !record.KeepsUnmeasured)
        {
            await RestAsync(active);
            return;
        }

        try
        {
            var time = active.NextTime(core.Now, due);
            var step = new Step(time, intake.Messages, machine.Take(time, intake.Messages));
            await CommitAsync(core.Steps.Build(record, step, intake.Consumed, machine), active);
            core.Metrics.TimersFired(due, core.Now);
        }
        catch (OrchestrationBlockedException exception)
        {
            await BlockAsync(record, exception);
            await HandleBlockedAsync(batch);
        }
    }

    /// <summary>There is nothing to do now.</summary>
    private async Task RestAsync(ActiveExecution active)
    {
        if (active.Record.BlockedReason is not null)
        {
            await core.Store.BlockAsync(active.Record, null);
            active.Unblocked();
        }

        // The wake-up may have come before a clock was set back.
        if (active.Record.WakeAt is { } wakeAt) core.Timers.Schedule(instanceId, wakeAt);
    }

    private Task TerminateAsync(InstanceRecord record, IEnumerable<string> children, List<Message> messages, List<long> consumed)
    {
        var output = ((ExecutionTerminated)messages[^1]).Output;
        var time = core.Now > record.UpdatedAt ? core.Now : record.UpdatedAt;
        var ended = new ExecutionCompleted(OrchestrationRuntimeStatus.Terminated, output, null);
        return CommitAsync(StepBuilder.End(record, new Step(time, messages, []), consumed, children, ended), active: null);
    }

    /// <param name="active">The execution whose code took the step; null where it is ended from outside.</param>
    private async Task CommitAsync(StepCommit commit, ActiveExecution? active)
    {
        CommitOutcome outcome;
        List<InstanceRecord>? displaced = commit.Children.Count > 0 ? [] : null;
        try
        {
            outcome = await core.Store.CommitAsync(commit, displaced);
        }
        catch (Exception exception) when (exception is not StaleStepException)
        {
            _loader.MayHaveCommitted(commit.Before);

            // A commit that failed may yet have reached the disk: whoever it concerned looks for itself.
            foreach (var child in commit.Children) core.Directory.Post(child.Record.Id, Mail.Reload);
            foreach (var message in commit.Outgoing) core.Directory.Post(message.InstanceId, Mail.Reload);
            core.Writes.Doubt(displaced ?? []);
            throw;
        }

        core.Metrics.Stepped(commit, active?.Machine.TakeRetries() ?? 0);
        core.Writes.Abandon(displaced ?? []);
        var blocked = active?.Committed(commit, core.CreateMachine);
        Settle(commit, outcome);
        if (blocked is not null) await BlockAsync(commit.After, blocked);
    }

    /// <summary>The committed step is the truth now: what is in memory follows, and then the effects.</summary>
    private void Settle(StepCommit commit, CommitOutcome outcome)
    {
        IsGone = commit.After.IsFinished;
        if (IsGone)
        {
            core.Blocked.TryRemove(instanceId, out _);
            Forget();
        }

        _effects.CarryOut(commit, outcome, _active);
    }

    private async Task BlockAsync(InstanceRecord record, OrchestrationBlockedException exception)
    {
        core.Blocked[instanceId] = default;
        core.Logger.InstanceBlocked(instanceId, exception.Message);
        await core.Store.BlockAsync(record, exception.Message);
        _blocked = true;
        Drop();
    }

    private void Drop()
    {
        _active = null;
        _loader.Forget();
    }

    /// <summary>A blocked instance takes no steps: what only memory knows goes to its inbox, and it can be terminated.</summary>
    private async Task HandleBlockedAsync(List<Mail> batch)
    {
        if (batch.Find(static mail => mail.IsTermination) is { Message: { } termination, Sequence: { } sequence })
        {
            var (snapshot, _) = await _loader.ReadAsync();
            IsGone = snapshot is null || snapshot.Record.IsFinished;
            IReadOnlyList<string> children = IsGone ? [] : await core.Store.ListChildrenAsync(snapshot!.Record.Key, CancellationToken.None);
            if (IsGone) core.Waiters.Ended(instanceId);
            else await TerminateAsync(snapshot!.Record, children, [.. snapshot.Carried, termination], [sequence]);
            return;
        }

        foreach (var mail in batch.Where(static mail => mail.IsInMemoryOnly))
            await core.Store.SendAsync(new OutgoingMessage(instanceId, mail.Message!) { Only = mail.Only }, null, EventVolume.Unbounded);
    }
}
