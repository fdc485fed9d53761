using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;
using Troupe.Sqlite;

namespace Troupe.Engine.Sqlite;

/// <summary>The writing operations, each inside a transaction that somebody else begins and ends. All run on the writer's thread.</summary>
internal sealed class HistoryTransaction
{
    // No process comes to as many messages: those of a later one have larger numbers than all before, consumed ones too.
    private const int MessagesOfOneStart = 36;

    private long _lastKey;
    private long _lastSequence;

    /// <summary>Goes on with the numbers that the store has used.</summary>
    public void Begin(SqliteSession session)
    {
        _lastKey = session.QueryInt64("SELECT max(key) FROM instances");
        session.Execute("UPDATE starts SET count = count + 1");
        _lastSequence = session.QueryInt64("SELECT count FROM starts") << MessagesOfOneStart;
    }

    public InstanceRecord? TryCreate(
        SqliteSession session, NewInstance instance, Func<InstanceRecord, bool> mayReplace, List<InstanceRecord> displaced)
    {
        var record = instance.Record with { Key = ++_lastKey };
        var carried = instance.First is null ? HistoryTable.EncodeCarried(session, record.Key, [new ExecutionStarted(instance.Input)]) : null;
        if (!InstanceTable.TryInsert(session, record, carried))
        {
            var existing = InstanceTable.Find(session, record.Id)!;
            if (!existing.IsFinished || !mayReplace(existing))
            {
                HistoryTable.Delete(session, record.Key);
                return null;
            }

            PurgeTree(session, existing.Key, displaced);
            InstanceTable.TryInsert(session, record, carried);
        }

        if (instance.First is { } first) HistoryTable.Append(session, record.Key, 0, first);
        return record;
    }

    public CommitOutcome Commit(SqliteSession session, StepCommit commit, List<InstanceRecord> displaced)
    {
        var (before, after) = (commit.Before, commit.After);
        if (commit.StartsNextExecution) ForgetExecution(session, before.Key);
        var carried = HistoryTable.EncodeCarried(session, before.Key, commit.Carried);
        if (!InstanceTable.Update(session, before, after, carried, commit.HadCarried)) throw new StaleStepException(before.Id);
        if (!commit.StartsNextExecution) HistoryTable.Append(session, before.Key, before.Steps, commit.Step);
        foreach (var sequence in commit.Consumed)
        {
            if (!InboxTable.Delete(session, before.Key, sequence)) throw new StaleStepException(before.Id);
        }

        if (after.Status == OrchestrationRuntimeStatus.Failed) InboxTable.KeepEvents(session, before.Key);
        else if (after.IsFinished) InboxTable.Clear(session, before.Key);
        if (commit.Children.Count == 0 && commit.Outgoing.Count == 0) return CommitOutcome.Nothing;
        var delivered = new List<DeliveredMessage>();
        var started = StartChildren(session, commit.Children, delivered, displaced);
        foreach (var message in commit.Outgoing) Deliver(session, message, delivered);
        return new CommitOutcome(delivered, started);
    }

    public SendResult Send(SqliteSession session, OutgoingMessage message, string? deliveryId, EventVolume mayWait)
    {
        if (Target(session, message) is not { } target) return new SendResult(SendOutcome.NotFound, null, null);
        if (target.IsFinished) return new SendResult(SendOutcome.Ended, null, target.Status);
        if (deliveryId is not null && InboxTable.Knows(session, target.Key, deliveryId)) return new SendResult(SendOutcome.Duplicate, null, target.Status);
        if (message.Message is EventRaised raised)
        {
            var waiting = target.KeptEvents + InboxTable.Events(session, target.Key);
            if (!mayWait.HasRoomFor(raised, waiting)) return new SendResult(SendOutcome.TooManyPending, null, target.Status) { Waiting = waiting };
        }

        var sequence = ++_lastSequence;
        if (deliveryId is not null) InboxTable.Remember(session, target.Key, deliveryId, sequence);

        return new SendResult(SendOutcome.Delivered, InboxTable.Insert(session, target.Key, sequence, message.Message), target.Status);
    }

    public bool TryRewind(SqliteSession session, IReadOnlyList<RewoundInstance> instances, List<InstanceRecord> displaced)
    {
        if (instances.Any(instance => InstanceTable.Find(session, instance.Before.Key) != instance.Before)) return false;
        if (instances.SelectMany(static instance => instance.Awaited).Any(child => InstanceTable.Find(session, child) is not { IsFinished: false })) return false;

        foreach (var (before, after, rewound, restarted) in instances)
        {
            ForgetExecution(session, before.Key);
            InstanceTable.Update(session, before, after, HistoryTable.EncodeCarried(session, before.Key, rewound.Carried), hadCarried: false);
            for (var i = 0; i < rewound.History.Count; i++) HistoryTable.Append(session, before.Key, i, rewound.History[i]);
            StartChildren(session, restarted, [], displaced);
        }

        return true;
    }

    /// <summary>Deletes an instance and all that it started.</summary>
    public static void PurgeTree(SqliteSession session, long key, List<InstanceRecord> deleted)
    {
        if (InstanceTable.Find(session, key) is not { } record) return;
        foreach (var child in session.Query("SELECT key FROM instances WHERE parent_key = ?", static row => row.GetInt64(0), key))
            PurgeTree(session, child, deleted);
        HistoryTable.Delete(session, key);
        InboxTable.Clear(session, key);
        session.Execute("DELETE FROM instances WHERE key = ?", key);
        deleted.Add(record);
    }

    /// <summary>Before another history is written. The payloads go with this one, but not those of messages that still wait.</summary>
    private static void ForgetExecution(SqliteSession session, long key)
    {
        var waiting = HistoryTable.HasPayloads(session, key) ? InboxTable.Read(session, key) : [];
        HistoryTable.Delete(session, key);
        foreach (var (sequence, message) in waiting) InboxTable.Replace(session, key, sequence, message);
    }

    private List<NewInstance> StartChildren(
        SqliteSession session, IReadOnlyList<NewInstance> children, List<DeliveredMessage> delivered, List<InstanceRecord> displaced)
    {
        var started = new List<NewInstance>(children.Count);
        foreach (var child in children)
        {
            if (TryCreate(session, child, existing => existing.Parent?.Key == child.Record.Parent!.Key, displaced) is { } created)
                started.Add(child with { Record = created });
            else
                Deliver(session, child.Refusal(), delivered);
        }

        return started;
    }

    private void Deliver(SqliteSession session, OutgoingMessage message, List<DeliveredMessage> delivered)
    {
        if (Target(session, message) is { IsFinished: false } target)
            delivered.Add(new DeliveredMessage(target.Id, InboxTable.Insert(session, target.Key, ++_lastSequence, message.Message)));
    }

    private static InstanceRecord? Target(SqliteSession session, OutgoingMessage message)
    {
        if (message.Only is not { } only) return InstanceTable.Find(session, message.InstanceId);
        return InstanceTable.Find(session, only.Key) is { } record && record.Execution == only.Execution ? record : null;
    }
}
