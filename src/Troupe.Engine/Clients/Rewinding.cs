using Troupe.Durable;
using Troupe.Engine.Hosting;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Clients;

/// <summary>Rewinds a failed instance together with the failed children that caused it, all at once.</summary>
internal sealed class Rewinding(EngineCore core)
{
    private readonly List<RewoundInstance> _rewound = [];

    public async Task RewindAsync(string instanceId, string reason, CancellationToken cancellation)
    {
        bool rewound;
        do
        {
            var snapshot = await core.Store.LoadAsync(instanceId, cancellation) ?? throw new OrchestrationNotFoundException(instanceId);
            if (snapshot.Record.Status != OrchestrationRuntimeStatus.Failed)
                throw new OrchestrationInvalidStateException(instanceId, snapshot.Record.Status, "rewind");
            _rewound.Clear();
            await PlanAsync(snapshot, reason, cancellation);
            rewound = await core.Writes.DeleteAsync(Concerned(), (store, displaced) => store.RewindAsync(_rewound, displaced));
        }
        // Where it or a child has changed meanwhile, what was planned is out of date.
        while (!rewound);

        foreach (var id in Concerned()) core.Directory.Post(id, Mail.Wake);
    }

    private IEnumerable<string> Concerned() =>
        _rewound.SelectMany(static instance => instance.Restarted.Select(static child => child.Record.Id).Prepend(instance.After.Id));

    private async Task PlanAsync(InstanceSnapshot snapshot, string reason, CancellationToken cancellation)
    {
        var rewound = Rewinder.Rewind(snapshot.History, reason, history => Replays(snapshot.Record, history));
        var open = rewound.Open();
        List<NewInstance> restarted = [];
        List<long> awaited = [];
        List<Message> outcomes = [];
        foreach (var child in open.Children.Values)
        {
            var found = await FindChildAsync(snapshot.Record, child, cancellation);
            if (found is { Record.Status: OrchestrationRuntimeStatus.Failed }) await PlanAsync(found, reason, cancellation);
            else if (found is { Record.Status: OrchestrationRuntimeStatus.Completed }) outcomes.Add(new TaskCompleted(child.TaskId, OutputOf(found)));
            else if (found is { Record.IsFinished: false }) awaited.Add(found.Record.Key);
            else if (core.Steps.IsRegistered(child)) restarted.Add(core.Steps.Start(snapshot.Record, core.Now, child));
            else throw new OrchestratorNotRegisteredException(child.Name);
        }

        rewound = rewound with { Carried = [.. rewound.Carried, .. outcomes] };
        _rewound.Add(new RewoundInstance(snapshot.Record, Reopen(snapshot.Record, rewound, open), rewound, restarted) { Awaited = awaited });
    }

    /// <summary>What the call of a child has started, where it is still there: that one may have been rewound alone, and gone on since.</summary>
    private async Task<InstanceSnapshot?> FindChildAsync(InstanceRecord parent, ChildStarted child, CancellationToken cancellation)
    {
        var found = await core.Store.LoadAsync(child.InstanceId, cancellation);
        return found?.Record.Parent == new ParentLink(parent.Key, parent.Id, parent.Execution, child.TaskId) ? found : null;
    }

    private static string? OutputOf(InstanceSnapshot ended) => ended.History[^1].Decisions.OfType<ExecutionCompleted>().Single().Output;

    private bool Replays(InstanceRecord record, IReadOnlyList<Step> history)
    {
        try
        {
            core.CreateMachine(record).Replay(history);
            return true;
        }
        catch (OrchestrationBlockedException)
        {
            return false;
        }
    }

    private InstanceRecord Reopen(InstanceRecord record, Rewound rewound, OpenWork open) => record with
    {
        Status = OrchestrationRuntimeStatus.Running,
        UpdatedAt = core.Now,
        Steps = rewound.History.Count,
        HistoryEvents = rewound.History.Sum(static step => step.Messages.Count + step.Decisions.Count),
        OpenActivities = open.Activities.Count,
        WakeAt = open.NextTimer,
    };
}
