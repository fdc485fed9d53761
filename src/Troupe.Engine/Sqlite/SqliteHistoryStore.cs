using Microsoft.Extensions.Logging;
using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;
using Troupe.Sqlite;

namespace Troupe.Engine.Sqlite;

/// <summary>Histories in a SQLite file. A write may run more than once before it is committed, so it begins with empty lists each time.</summary>
internal sealed class SqliteHistoryStore : IHistoryStore
{
    private readonly SqliteDatabase _database;
    private readonly HistoryTransaction _transaction = new();

    private SqliteHistoryStore(SqliteDatabase database) => _database = database;

    public static async Task<SqliteHistoryStore> OpenAsync(
        string path, ILogger logger, CancellationToken cancellation, Action<int, TimeSpan>? onCommit = null)
    {
        var options = new SqliteDatabaseOptions(path)
        {
            OnCommit = onCommit,
            TranslateStorageFailure = static failure => new StoreUnavailableException(failure.Reason, failure),
        };
        var database = await SqliteDatabase.OpenAsync(options, HistorySchema.Migrations, logger, cancellation);
        var store = new SqliteHistoryStore(database);
        try
        {
            await database.WriteAsync(store._transaction.Begin, CancellationToken.None);
            return store;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public Task<InstanceRecord?> TryCreateAsync(NewInstance instance, List<InstanceRecord>? displaced) => _database.WriteAsync(session =>
    {
        displaced?.Clear();
        return _transaction.TryCreate(session, instance, _ => displaced is not null, displaced ?? []);
    });

    public Task<CommitOutcome> CommitAsync(StepCommit commit, List<InstanceRecord>? displaced = null) => _database.WriteAsync(session =>
    {
        displaced?.Clear();
        return _transaction.Commit(session, commit, displaced ?? []);
    });

    public Task<SendResult> SendAsync(OutgoingMessage message, string? deliveryId, EventVolume mayWait) =>
        _database.WriteAsync(session => _transaction.Send(session, message, deliveryId, mayWait));

    public Task<bool> BlockAsync(InstanceRecord record, string? reason) => _database.WriteAsync(session =>
        session.Execute(
            """
            UPDATE instances
            SET blocked_reason = ?1, ready = ?1 IS NOT NULL OR open_activities > 0 OR kept_event_bytes IS NULL
                OR (carried IS NOT NULL AND (wake_at IS NULL OR steps > 0))
            WHERE key = ?2 AND execution = ?3 AND steps = ?4
            """,
            reason, record.Key, record.Execution, record.Steps) == 1);

    public Task<bool> RewindAsync(IReadOnlyList<RewoundInstance> instances, List<InstanceRecord> displaced) => _database.WriteAsync(session =>
    {
        displaced.Clear();
        return _transaction.TryRewind(session, instances, displaced);
    });

    public Task<int> PurgeAsync(IReadOnlyList<long> keys, List<InstanceRecord> deleted) => _database.WriteAsync(session =>
    {
        deleted.Clear();
        foreach (var key in keys)
        {
            if (InstanceTable.Find(session, key) is { IsFinished: true }) HistoryTransaction.PurgeTree(session, key, deleted);
        }

        return deleted.Count;
    });

    public Task<InstanceRecord?> FindAsync(string instanceId, CancellationToken cancellation) =>
        _database.ReadAsync(session => InstanceTable.Find(session, instanceId), cancellation);

    public Task<InstanceSnapshot?> LoadAsync(string instanceId, CancellationToken cancellation) => _database.ReadAsync(
        session => InstanceTable.Find(session, instanceId) is not { } record
            ? null
            : new InstanceSnapshot(
                record,
                HistoryTable.Read(session, record.Key),
                HistoryTable.ReadCarried(session, record.Key),
                InboxTable.Read(session, record.Key)),
        cancellation);

    public Task<IReadOnlyList<InboxMessage>> LoadInboxAsync(long key, CancellationToken cancellation) =>
        _database.ReadAsync<IReadOnlyList<InboxMessage>>(session => InboxTable.ReadSound(session, key), cancellation);

    public Task<IReadOnlyList<string>> ListChildrenAsync(long key, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<string>>(
        session => session.Query(
            $"SELECT id FROM instances WHERE parent_key = ? AND status IN ({InstanceTable.UnfinishedStatuses})", static row => row.GetString(0), key),
        cancellation);

    public Task<(string? Input, Step? Last)> LoadEndsAsync(InstanceRecord record, bool input, bool last, CancellationToken cancellation) =>
        _database.ReadAsync(
            session =>
            {
                var first = input && record.Steps > 0 ? HistoryTable.Read(session, record.Key, 0) : null;
                var messages = first?.Messages ?? (input ? HistoryTable.ReadCarried(session, record.Key) : []);
                return (
                    messages.OfType<ExecutionStarted>().FirstOrDefault()?.Input,
                    last && record.Steps > 0 ? HistoryTable.Read(session, record.Key, record.Steps - 1) : null);
            },
            cancellation);

    public Task<IReadOnlyList<InstanceRecord>> ListAsync(OrchestrationQuery query, long afterKey, int limit, CancellationToken cancellation) =>
        _database.ReadAsync<IReadOnlyList<InstanceRecord>>(session => InstanceListing.Run(session, query, afterKey, limit), cancellation);

    public Task<IReadOnlyList<string>> ListReadyAsync(CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<string>>(
        static session => session.Query(
            """
            SELECT id FROM instances WHERE ready = 1
            UNION SELECT i.id FROM (SELECT DISTINCT instance FROM inbox) AS waiting JOIN instances AS i ON i.key = waiting.instance
            WHERE i.status <> ?
            """,
            static row => row.GetString(0),
            (int)OrchestrationRuntimeStatus.Failed),
        cancellation);

    public Task<PendingWork> CountPendingAsync(CancellationToken cancellation) => _database.ReadAsync(
        static session => session.QuerySingle(
            $"""
            SELECT (SELECT count(*) FROM instances WHERE status IN ({InstanceTable.UnfinishedStatuses})),
                (SELECT sum(open_activities) FROM instances WHERE ready = 1),
                (SELECT count(*) FROM instances WHERE wake_at IS NOT NULL),
                (SELECT count(*) FROM inbox)
            """,
            static row => new PendingWork(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)))!,
        cancellation);

    public Task<IReadOnlyList<(string InstanceId, DateTime WakeAt)>> ListWakesAsync(
        DateTime after, DateTime until, CancellationToken cancellation) =>
        _database.ReadAsync<IReadOnlyList<(string, DateTime)>>(
            session => session.Query(
                "SELECT id, wake_at FROM instances WHERE wake_at > ? AND wake_at <= ?",
                static row => (row.GetString(0), new DateTime(row.GetInt64(1), DateTimeKind.Utc)),
                after.Ticks, until.Ticks),
            cancellation);

    public async Task<string?> CheckWritesAsync(CancellationToken cancellation) => (await _database.CheckWritesAsync(cancellation))?.Reason;

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
