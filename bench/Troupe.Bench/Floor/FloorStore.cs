using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine.Sqlite;
using Troupe.Engine.Storage;
using Troupe.Sqlite;

namespace Troupe.Bench.Floor;

/// <summary>
/// The rows that the work cannot do without, in the engine's own tables through its own writer, and nothing else: no orchestrator, no
/// activity, no queue, no serialization, no mailbox. What the engine takes longer than this is its own cost.
/// </summary>
internal sealed class FloorStore : IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private long _lastKey;

    private FloorStore(SqliteDatabase database) => _database = database;

    public static async Task<FloorStore> OpenAsync(string folder) => new(await SqliteDatabase.OpenAsync(
        new SqliteDatabaseOptions(Path.Combine(folder, "floor.db")), HistorySchema.Migrations, NullLogger.Instance, CancellationToken.None));

    /// <summary>Accepts an instance together with its first step, which holds so many bytes.</summary>
    public async Task<InstanceRecord> StartAsync(int bytes)
    {
        var key = Interlocked.Increment(ref _lastKey);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var record = new InstanceRecord(Guid.CreateVersion7().ToString("N"), "Floor", "")
        {
            Key = key,
            CreatedAt = now,
            UpdatedAt = now,
            Status = OrchestrationRuntimeStatus.Running,
            Steps = 1,
            OpenActivities = 1,
        };
        await _database.WriteAsync(session =>
        {
            InstanceTable.TryInsert(session, record, new byte[8]);
            Append(session, record, 0, bytes);
        });
        return record;
    }

    /// <summary>Records a further step, and the state after it.</summary>
    public async Task<InstanceRecord> StepAsync(InstanceRecord before, int bytes, bool last = false)
    {
        var after = before with { Steps = before.Steps + 1 };
        if (last) after = after with { Status = OrchestrationRuntimeStatus.Completed, OpenActivities = 0 };
        await _database.WriteAsync(session =>
        {
            InstanceTable.Update(session, before, after, null, hadCarried: false);
            Append(session, before, before.Steps, bytes);
        });
        return after;
    }

    /// <summary>Records one result of many.</summary>
    public Task ResultAsync(InstanceRecord record, int step, int bytes) => _database.WriteAsync(session => Append(session, record, step, bytes));

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static void Append(SqliteSession session, InstanceRecord record, int step, int bytes) =>
        session.Execute("INSERT INTO history (instance, step, data) VALUES (?, ?, ?)", record.Key, step, new byte[bytes]);
}
