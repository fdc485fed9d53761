using System.Globalization;
using Troupe.Durable;

namespace Troupe.Engine.Tests.Model;

/// <summary>
/// What the engine guarantees, in its simplest form: no store, no threads, no replay. Each operation changes the state at once;
/// <see cref="Settle"/> then lets every program run until it waits for something from outside.
/// </summary>
internal sealed partial class ReferenceModel
{
    public const int Attempts = 3;
    public const double Backoff = 2;
    public const int MaxPendingEvents = 4;
    public const int MaxPendingEventBytes = 26;

    private readonly Dictionary<string, ModelInstance> _instances = new(StringComparer.Ordinal);

    public static TimeSpan FirstRetry { get; } = TimeSpan.FromSeconds(10);

    public DateTime Now { get; set; }

    public bool ServiceIsUp { get; set; } = true;

    public IEnumerable<ModelInstance> Instances => _instances.Values;

    /// <summary>How often each call was executed, at least.</summary>
    public Dictionary<string, int> Executions { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Calls that a crash may have made run once more than that.</summary>
    public HashSet<string> Uncertain { get; private init; } = new(StringComparer.Ordinal);

    public static string ChildId(string parentId, int at, int branch) =>
        string.Create(CultureInfo.InvariantCulture, $"{parentId}-{at}-{branch}");

    public ModelInstance? Find(string id) => _instances.GetValueOrDefault(id);

    public ReferenceModel Clone()
    {
        var copy = new ReferenceModel
        {
            Now = Now,
            ServiceIsUp = ServiceIsUp,
            Executions = new Dictionary<string, int>(Executions, StringComparer.Ordinal),
            Uncertain = new HashSet<string>(Uncertain, StringComparer.Ordinal),
        };
        foreach (var (id, instance) in _instances) copy._instances.Add(id, instance.Copy());
        return copy;
    }

    public string Start(string id, ProgramInput input, int delaySeconds)
    {
        if (Find(id) is not null) return Answers.Exists;
        Create(id, input, null, Now, Now.AddSeconds(delaySeconds));
        return Answers.Done;
    }

    public string Raise(string id, string name, string payload, string? delivery)
    {
        if (Refusal(id) is { } refusal) return refusal;
        var instance = _instances[id];
        if (delivery is not null && instance.Deliveries.Contains(delivery)) return Answers.Done;
        var raised = new ModelMessage.Event(name, payload);
        if (!instance.HasRoomFor(raised)) return Answers.TooMany;
        if (delivery is not null) instance.Deliveries.Add(delivery);
        Receive(instance, raised);
        return Answers.Done;
    }

    public string Send(string id, ModelMessage message)
    {
        if (Refusal(id) is { } refusal) return refusal;
        Receive(_instances[id], message);
        return Answers.Done;
    }

    public string Rewind(string id)
    {
        if (Find(id) is not { } instance) return Answers.NotFound;
        if (instance.Status != OrchestrationRuntimeStatus.Failed) return Answers.Is(instance.Status);
        Reopen(instance);
        return Answers.Done;
    }

    public string Restart(string id)
    {
        if (Find(id) is not { } instance) return Answers.NotFound;
        if (!instance.HasEnded) return Answers.Is(instance.Status);
        Delete(id);
        Create(id, instance.Input, null, Now, Now);
        return Answers.Done;
    }

    public string Purge(string id)
    {
        if (Find(id) is not { } instance) return Answers.Deleted(0);
        return instance.HasEnded ? Answers.Deleted(Delete(id)) : Answers.Is(instance.Status);
    }

    public void Release()
    {
        foreach (var instance in _instances.Values.Where(static instance => !instance.HasEnded && !instance.IsSuspended))
        {
            var ended = Replace(
                instance,
                static task => task is { Kind: Step.Held, State: ModelTaskState.Running },
                static task => task with { State = ModelTaskState.Succeeded });
            if (ended) Tick(instance);
        }
    }

    /// <summary>The process ends, and another begins: activities that ran run again.</summary>
    /// <param name="spared">Calls of which nobody knows whether they had begun.</param>
    public void RestartProcess(IReadOnlySet<string>? spared = null)
    {
        foreach (var instance in _instances.Values.Where(static instance => !instance.HasEnded))
        {
            Replace(
                instance,
                task => task is { Kind: Step.Held, State: ModelTaskState.Running } && spared?.Contains(task.Key) != true,
                static task => task with { State = ModelTaskState.Ready });
        }
    }

    /// <summary>The calls that are queued or running.</summary>
    public IEnumerable<string> OpenCalls() =>
        from instance in _instances.Values where !instance.HasEnded from task in instance.Tasks where task is { IsOpen: true, IsChild: false } select task.Key;

    public void Settle()
    {
        while (_instances.Values.ToList().Aggregate(false, (moved, instance) => Move(instance) || moved))
        {
        }
    }

    private bool Move(ModelInstance instance)
    {
        if (instance.HasEnded || !ReferenceEquals(Find(instance.Id), instance)) return false;
        if (instance.Status == OrchestrationRuntimeStatus.Pending) return Begin(instance);
        return TakeMail(instance) || Conclude(instance) || Execute(instance) || FireTimers(instance) || RunProgram(instance);
    }

    private bool Begin(ModelInstance instance)
    {
        if (instance.Inbox.Exists(static message => message is ModelMessage.Terminate)) return Terminate(instance);
        if (instance.StartAt > Now) return false;
        instance.Status = OrchestrationRuntimeStatus.Running;
        Tick(instance);
        RunProgram(instance);
        _ = TakeMail(instance);
        return true;
    }

    private void Receive(ModelInstance instance, ModelMessage message)
    {
        instance.Inbox.Add(message);

        // What waits for the resumption is recorded at once, by a step with a time of its own.
        if (instance.IsSuspended) Tick(instance);
    }

    /// <summary>Takes all that waits, in one step.</summary>
    private bool TakeMail(ModelInstance instance)
    {
        var any = false;
        while (TakeMessage(instance)) any = true;
        return any;
    }

    private bool TakeMessage(ModelInstance instance)
    {
        if (instance.Inbox.Find(message => !instance.IsSuspended || message is not (ModelMessage.Event or ModelMessage.ChildEnded)) is not { } message)
            return false;
        if (instance.IsSuspended && message is ModelMessage.Resume)
        {
            // What has come before it is taken after it.
            instance.Status = OrchestrationRuntimeStatus.Running;
        }

        if (message is ModelMessage.Terminate) return Terminate(instance);
        instance.Inbox.Remove(message);
        Tick(instance);
        if (message is ModelMessage.Suspend) Suspend(instance);
        else if (message is ModelMessage.Event raised) instance.Kept.Add(raised);
        else if (message is ModelMessage.ChildEnded ended) Replace(instance, task => task.Key == ended.ChildId && task.IsOpen, task => Ended(task, ended));
        if (message is ModelMessage.Suspend or ModelMessage.Resume) TellChildren(instance, message);
        else RunProgram(instance);
        return true;
    }

    private static ModelTask Ended(ModelTask task, ModelMessage.ChildEnded ended) =>
        task with { State = ended.Succeeded ? ModelTaskState.Succeeded : ModelTaskState.Failed, Result = ended.Result };

    private static void Suspend(ModelInstance instance)
    {
        instance.Status = OrchestrationRuntimeStatus.Suspended;
        Replace(instance, static task => task is { IsChild: false, State: ModelTaskState.Running }, static task => task with { State = ModelTaskState.Ready });
    }

    private void TellChildren(ModelInstance instance, ModelMessage message)
    {
        foreach (var child in instance.Tasks.Where(static task => task is { IsChild: true, IsOpen: true }))
        {
            if (Find(child.Key) is { HasEnded: false } told) Receive(told, message);
        }
    }

    private bool Terminate(ModelInstance instance)
    {
        TellChildren(instance, new ModelMessage.Terminate());
        End(instance, OrchestrationRuntimeStatus.Terminated, Answers.TerminationOutput);
        return true;
    }

    private bool Execute(ModelInstance instance)
    {
        if (instance.IsSuspended) return false;
        return Replace(instance, static task => task is { IsChild: false, State: ModelTaskState.Ready }, task =>
        {
            Executions[task.Key] = Executions.GetValueOrDefault(task.Key) + 1;
            if (task.Kind == Step.Held) return task with { State = ModelTaskState.Running };
            Tick(instance);
            if (task.Kind == Step.Work || ServiceIsUp) return task with { State = ModelTaskState.Succeeded };
            if (!task.Retries || task.Attempt == Attempts) return task with { State = ModelTaskState.Failed };
            return task with { State = ModelTaskState.Retrying, Due = instance.Clock + (FirstRetry * Math.Pow(Backoff, task.Attempt - 1)) };
        });
    }

    private bool FireTimers(ModelInstance instance)
    {
        if (instance.IsSuspended) return false;
        var fired = instance.Background.RemoveAll(due => due <= Now) > 0;
        fired |= Replace(instance, task => task.State == ModelTaskState.Retrying && task.Due <= Now, static task =>
            task with { State = ModelTaskState.Ready, Attempt = task.Attempt + 1 });
        if (instance.TimerDue <= Now && !instance.TimerHasFired) instance.TimerHasFired = fired = true;
        if (!fired) return false;
        Tick(instance);
        RunProgram(instance);
        return true;
    }

    private void End(ModelInstance instance, OrchestrationRuntimeStatus status, string? output)
    {
        (instance.Status, instance.Output) = (status, output);
        instance.Inbox.Clear();
        if (instance.ParentId is { } parentId && Find(parentId) is { HasEnded: false } parent)
            Receive(parent, new ModelMessage.ChildEnded(instance.Id, status == OrchestrationRuntimeStatus.Completed, output ?? ""));
    }

    /// <summary>Failed calls run again, and failed children go on; what has succeeded stands.</summary>
    private void Reopen(ModelInstance instance)
    {
        (instance.Status, instance.Returned) = (OrchestrationRuntimeStatus.Running, null);
        for (var i = 0; i < instance.Tasks.Count; i++)
        {
            var task = instance.Tasks[i];
            if (task.State == ModelTaskState.Failed) instance.Tasks[i] = task.IsChild ? ReopenChild(instance, i) : task with { State = ModelTaskState.Ready };
        }

        Tick(instance);
    }

    /// <summary>A child that was rewound alone before has gone on since; one that cannot go on starts afresh.</summary>
    private ModelTask ReopenChild(ModelInstance instance, int branch)
    {
        var (task, child) = (instance.Tasks[branch], Find(instance.Tasks[branch].Key));
        if (child is { Status: OrchestrationRuntimeStatus.Completed }) return task with { State = ModelTaskState.Succeeded, Result = child.Output! };
        if (child is { Status: OrchestrationRuntimeStatus.Failed })
        {
            Reopen(child);
        }
        else if (child is not { HasEnded: false })
        {
            Delete(task.Key);
            Create(task.Key, new ProgramInput(instance.Current.Programs![branch]), instance.Id, Now, Now);
        }

        return task with { State = ModelTaskState.Running };
    }

    private ModelInstance Create(string id, ProgramInput input, string? parentId, DateTime clock, DateTime startAt)
    {
        var instance = new ModelInstance(id, input, parentId) { Clock = clock, StartAt = startAt };
        _instances.Add(id, instance);
        return instance;
    }

    private int Delete(string id)
    {
        var count = _instances.Values.Where(instance => instance.ParentId == id).ToList().Sum(child => Delete(child.Id));
        return _instances.Remove(id) ? count + 1 : count;
    }

    private string? Refusal(string id) => Find(id) is not { } instance ? Answers.NotFound : instance.HasEnded ? Answers.Is(instance.Status) : null;

    private void Tick(ModelInstance instance)
    {
        if (Now > instance.Clock) instance.Clock = Now;
    }

    private static bool Replace(ModelInstance instance, Predicate<ModelTask> which, Func<ModelTask, ModelTask> change)
    {
        var any = false;
        for (var i = 0; i < instance.Tasks.Count; i++)
        {
            if (!which(instance.Tasks[i])) continue;
            instance.Tasks[i] = change(instance.Tasks[i]);
            any = true;
        }

        return any;
    }
}
