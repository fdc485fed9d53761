using System.Text.Json;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Sqlite;
using Troupe.Storage.Records;

namespace Troupe.Storage.Events;

internal sealed class SqliteEventLog(RecordsDatabase database, EventWriter writer, AppendSignals signals) : IEventLog
{
    private const string Columns = "SELECT run_id, sequence, position, type, time, task_id, data FROM events";

    public async Task AppendAsync(string runId, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0) return;
        await database.WriteAsync(
            session =>
            {
                writer.Append(session, runId, events);
                return true;
            },
            cancellationToken);
        writer.Announce(runId, events);
    }

    public async Task<IReadOnlyList<RunEvent>> ReadAsync(string runId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            session => session.Query(
                $"{Columns} WHERE run_id = ? AND sequence > ? ORDER BY sequence LIMIT ?", Read, runId, afterSequence, AtLeastOne(limit)),
            cancellationToken);

    public async Task<IReadOnlyList<RunEvent>> ReadAllAsync(long afterPosition, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            session => session.Query($"{Columns} WHERE position > ? ORDER BY position LIMIT ?", Read, afterPosition, AtLeastOne(limit)),
            cancellationToken);

    public Task<long> GetLastPositionAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(static session => session.QueryInt64("SELECT max(position) FROM events"), cancellationToken);

    public Task WaitForAppendAsync(string? runId, CancellationToken cancellationToken) => signals.WaitAsync(runId, cancellationToken);

    private static int AtLeastOne(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return limit;
    }

    private static RunEvent Read(SqliteRow row) => new(
        row.GetString(0),
        row.GetInt64(1),
        row.GetInt64(2),
        row.GetString(3),
        new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero),
        row.GetStringOrNull(5),
        JsonElement.Parse(row.GetSpan(6)));
}
