using Troupe.Durable;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Hosting;

/// <summary>
/// One instance in memory: a mailbox, and a loop that runs while there is mail. Mail that comes during a step or its commit is taken
/// together by the next step. When the store fails, nothing is lost: the step is taken again from what was committed.
/// </summary>
internal sealed class InstanceLoop : IThreadPoolWorkItem
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly EngineCore _core;
    private readonly InstanceStepper _stepper;
    private List<Mail> _mail = [];
    private bool _running;
    private bool _retired;

    public InstanceLoop(string instanceId, EngineCore core)
    {
        InstanceId = instanceId;
        _core = core;
        _stepper = new InstanceStepper(instanceId, core, HasMail);
    }

    public string InstanceId { get; }

    /// <summary>The instance has ended, or is not there.</summary>
    public bool IsGone => _stepper.IsGone;

    /// <summary>Larger is later. Only eviction reads it.</summary>
    public long LastUse { get; set; }

    /// <summary>Adds mail, and starts the loop if it is idle; false where the instance has left memory.</summary>
    public bool TryPost(Mail mail)
    {
        lock (_gate)
        {
            if (_retired) return false;
            _mail.Add(mail);
            if (_running || !_core.Loops.TryEnter()) return true;
            _running = true;
        }

        _core.Scheduler(this);
        return true;
    }

    /// <summary>Leaves memory if there is nothing to do.</summary>
    public bool TryRetire()
    {
        lock (_gate)
        {
            if (_running || _mail.Count > 0) return false;
            _retired = true;
        }

        _stepper.Forget();
        return true;
    }

    public void Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        List<Mail> repeat = [];
        var (failures, stale) = (0, 0);
        while (Take(repeat) is { } batch)
        {
            repeat = [];
            var recovers = !_core.Recovery.IsDone && batch.Exists(static mail => mail.IsRecovery);
            try
            {
                await _stepper.HandleAsync(batch);
                (failures, stale) = (0, 0);
            }
            // The store is well: what was in memory was not what it holds, as after a commit that failed and yet reached the disk.
            catch (StaleStepException) when (stale++ == 0)
            {
                _core.Logger.StepWasStale(InstanceId);
                repeat = Forget(batch);
            }
            // The instance must outlive whatever befalls its step; what is committed stands, and the step is taken again.
            catch (Exception exception)
            {
                var delay = Backoff(failures++);
                LogFailure(exception, delay);
                repeat = Forget(batch);
                if (recovers) _core.Recovery.LookedAt();
                recovers = false;
                await _core.DelayAsync(delay);
            }

            if (recovers) _core.Recovery.LookedAt();
        }

        _core.Loops.Exit();
    }

    /// <summary>Drops the state in memory, and returns what only memory knows, with a wake-up to read the rest from the store.</summary>
    private List<Mail> Forget(List<Mail> batch)
    {
        _stepper.Forget();
        return [.. batch.Where(static mail => mail.IsInMemoryOnly).Select(static mail => mail with { IsRepeated = true }), Mail.Wake];
    }

    private List<Mail>? Take(List<Mail> repeat)
    {
        lock (_gate)
        {
            var gone = _stepper.IsGone && repeat.Count == 0;
            if (HasNothingToDo(repeat))
            {
                _running = false;
                _retired = gone;
                if (gone) _core.Directory.Remove(this);
                return null;
            }

            var batch = _mail;
            _mail = [];
            if (repeat.Count > 0) batch.InsertRange(0, repeat);
            return batch;
        }
    }

    /// <summary>A stopping engine takes no more steps but those that record what only memory knows, if the store lets it.</summary>
    private bool HasNothingToDo(List<Mail> repeat) => _core.IsStopping
        ? repeat.Count > 0 || !_mail.Exists(static mail => mail.IsInMemoryOnly)
        : repeat.Count == 0 && _mail.Count == 0;

    private bool HasMail(Func<Mail, bool> condition)
    {
        lock (_gate) return _mail.Exists(mail => condition(mail));
    }

    /// <summary>A store that is unavailable has said so in the log, once for all instances.</summary>
    private void LogFailure(Exception exception, TimeSpan delay)
    {
        if (exception is StoreUnavailableException unavailable) _core.Logger.StepNotStored(InstanceId, delay, unavailable.Reason);
        else _core.Logger.StepFailed(exception, InstanceId, delay);
    }

    private static TimeSpan Backoff(int failures)
    {
        var delay = FirstRetry * Math.Pow(2, Math.Min(failures, 10));
        return delay < LongestRetry ? delay : LongestRetry;
    }
}
