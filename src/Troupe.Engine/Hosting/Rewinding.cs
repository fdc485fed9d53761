using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Hosting;

/// <summary>Rewinds a failed instance together with the failed children that caused it, all at once.</summary>
internal sealed class Rewinding(EngineCore core)
{
    private readonly List<RewoundInstance> _rewound = [];

    public async Task RewindAsync(string instanceId, string reason, CancellationToken cancellation)
    {
        var snapshot = await core.Store.LoadAsync(instanceId, cancellation) ?? throw new OrchestrationNotFoundException(instanceId);
        if (snapshot.Record.Status != OrchestrationRuntimeStatus.Failed)
            throw new OrchestrationInvalidStateException(instanceId, snapshot.Record.Status, "rewind");
        await PlanAsync(snapshot, reason, cancellation);
        if (!await core.WriteAsync(Concerned(), store => store.RewindAsync(_rewound)))
        {
            var now = await core.Store.FindAsync(instanceId, cancellation) ?? throw new OrchestrationNotFoundException(instanceId);
            throw new OrchestrationInvalidStateException(instanceId, now.Status, "rewind");
        }

        foreach (var id in Concerned()) core.Directory.Post(id, Mail.Wake);
    }

    private IEnumerable<string> Concerned() =>
        _rewound.SelectMany(static instance => instance.Restarted.Select(static child => child.Record.Id).Prepend(instance.After.Id));

    private async Task PlanAsync(InstanceSnapshot snapshot, string reason, CancellationToken cancellation)
    {
        var rewound = Rewinder.Rewind(snapshot.History, reason, history => Replays(snapshot.Record, history));
        var open = OpenWork.Of(rewound.History);
        foreach (var message in rewound.Carried) open.Close(message);
        List<NewInstance> restarted = [];
        foreach (var child in open.Children.Values.Where(child => rewound.Reopened.Contains(child.TaskId)))
        {
            if (await core.Store.LoadAsync(child.InstanceId, cancellation) is { Record.Status: OrchestrationRuntimeStatus.Failed } failed
                && failed.Record.Parent?.Key == snapshot.Record.Key)
            {
                await PlanAsync(failed, reason, cancellation);
            }
            else if (core.Steps.IsRegistered(child))
            {
                restarted.Add(core.Steps.Start(snapshot.Record, core.Now, child));
            }
            else
            {
                throw new OrchestratorNotRegisteredException(child.Name);
            }
        }

        _rewound.Add(new RewoundInstance(snapshot.Record, Reopen(snapshot.Record, rewound, open), rewound, restarted));
    }

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
