using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Hosting;

/// <summary>
/// Brings one instance into memory, together with the messages that wait for it in the store. Each of them is posted as well, sooner or
/// later; the loader keeps in mind which it has handed out ahead of that.
/// </summary>
internal sealed class InstanceLoader(string instanceId, EngineCore core)
{
    private readonly HashSet<long> _ahead = [];

    // What was in memory last: it may have been deleted, and another created under its id.
    private long? _key;

    // What the last commit, which failed, would have changed: it may have reached the disk all the same.
    private InstanceRecord? _uncertain;

    /// <summary>Told of a commit that failed.</summary>
    public void MayHaveCommitted(InstanceRecord before) => _uncertain = before;

    /// <summary>What was handed out ahead is read from the store again.</summary>
    public void Forget() => _ahead.Clear();

    /// <summary>Takes out what was handed out ahead.</summary>
    public void Skip(List<Mail> batch) => batch.RemoveAll(mail => mail.Sequence is { } sequence && _ahead.Remove(sequence));

    public async Task<LoadedInstance> LoadAsync(List<Mail> batch)
    {
        // Where it has left memory, only the doubt says whose activities may still run.
        _key ??= batch.Find(static mail => mail is { IsReload: true, Only: not null })?.Only!.Value.Key;
        var creation = batch.Exists(static mail => mail.IsReload) ? null : batch.Find(static mail => mail.Created is not null);
        if (_key is null && creation is { Created.Record: var stored, Begun: { IsCurrent: true } begun }) return TakeOver(begun, stored, batch);
        var (snapshot, unreadable) = creation is { Created: { } created, Begun: null }
            ? (new InstanceSnapshot(created.Record, [], [new ExecutionStarted(created.Input)], []), null)
            : await ReadAsync();
        if (_key is { } key && key != snapshot?.Record.Key) core.Activities.Cancel(key);
        _key = snapshot?.Record.Key;
        if (snapshot is null || snapshot.Record.IsFinished) return new LoadedInstance(snapshot?.Record, []);

        var mail = WithInbox(Outstanding(batch, snapshot.Record), snapshot);
        var loaded = new LoadedInstance(snapshot.Record, mail);
        if (unreadable is not null) return loaded with { Blocked = new OrchestrationBlockedException(unreadable.Message, unreadable) };

        // Until its time has come, what waits for it is in the store.
        if (snapshot.Record.StartsAt > core.Now && !mail.Exists(static each => each.IsTermination)) return loaded;
        try
        {
            var active = ActiveExecution.Restore(snapshot, core.CreateMachine);
            if (snapshot.History.Count > 0) core.Metrics.Replayed();
            return loaded with { Active = active };
        }
        catch (OrchestrationBlockedException exception)
        {
            return loaded with { Blocked = exception };
        }
    }

    /// <summary>All that is stored; where that cannot be read, the record and the messages that can, and why.</summary>
    public async Task<(InstanceSnapshot? Snapshot, UnreadableRecordException? Unreadable)> ReadAsync()
    {
        try
        {
            return (await core.Store.LoadAsync(instanceId, CancellationToken.None), null);
        }
        catch (UnreadableRecordException exception)
        {
            var record = await core.Store.FindAsync(instanceId, CancellationToken.None);
            var inbox = record is null ? [] : await core.Store.LoadInboxAsync(record.Key, CancellationToken.None);
            return (record is null ? null : new InstanceSnapshot(record, [], [], inbox), exception);
        }
    }

    /// <summary>An instance that was just created and has not been in memory since: nothing waits in the store, nothing runs.</summary>
    private LoadedInstance TakeOver(Beginning begun, InstanceRecord stored, List<Mail> batch)
    {
        _key = stored.Key;
        begun.Active.Stored(stored);
        return new LoadedInstance(stored, batch) { Active = begun.Active, First = begun.Pending, IsNew = true };
    }

    private List<Mail> WithInbox(List<Mail> batch, InstanceSnapshot snapshot)
    {
        foreach (var waiting in snapshot.Inbox) _ahead.Add(waiting.Sequence);
        return
        [
            .. snapshot.Inbox.Select(static waiting => new Mail(waiting.Message, waiting.Sequence)),
            .. batch.Where(mail => mail.Sequence is not { } sequence || !_ahead.Remove(sequence)),
        ];
    }

    /// <summary>
    /// The mail without that of a failed step, if that was committed after all: a rewound execution would take an outcome that it has
    /// seen for the one it asks for again.
    /// </summary>
    private List<Mail> Outstanding(List<Mail> batch, InstanceRecord stored)
    {
        var committed = _uncertain is { } before && before with { BlockedReason = stored.BlockedReason } != stored;
        _uncertain = null;
        return committed ? [.. batch.Where(static mail => !mail.IsRepeated)] : batch;
    }
}

/// <summary>An instance as it was found.</summary>
/// <param name="Record">Null where there is none.</param>
/// <param name="Mail">What it has to take.</param>
internal sealed record LoadedInstance(InstanceRecord? Record, List<Mail> Mail)
{
    /// <summary>Null where it cannot go on, or its time has not come.</summary>
    public ActiveExecution? Active { get; init; }

    /// <summary>Its first step, where that was taken and is still to be committed.</summary>
    public Step? First { get; init; }

    /// <summary>Nobody has had it in memory before, so that none of its activities is queued.</summary>
    public bool IsNew { get; init; }

    /// <summary>Why it cannot go on.</summary>
    public OrchestrationBlockedException? Blocked { get; init; }
}
