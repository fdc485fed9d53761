using System.Text.Json;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Sqlite;

namespace Troupe.Storage.Events;

/// <summary>Appends events within the transaction of the change that they tell of.</summary>
internal sealed class EventWriter(TimeProvider time, AppendSignals signals)
{
    private const string Insert = """
        INSERT INTO events (run_id, sequence, type, time, task_id, data, dedup_key)
        VALUES (?1, coalesce((SELECT max(sequence) FROM events WHERE run_id = ?1), 0) + 1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (run_id, dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING
        """;

    public void Append(SqliteSession session, string runId, IReadOnlyList<NewEvent> events)
    {
        if (events.Count == 0) return;
        var now = time.GetUtcNow().UtcTicks;
        foreach (var item in events)
            session.Execute(Insert, runId, item.Type, now, item.TaskId, Text(item.Data), item.DedupKey);
    }

    /// <summary>Wakes the readers, once the transaction is committed. They may wake in vain.</summary>
    public void Announce(string runId, IReadOnlyList<NewEvent> events)
    {
        if (events.Count > 0) signals.Publish(runId);
    }

    /// <summary>An event without data has an empty object.</summary>
    private static string Text(JsonElement data) => data.ValueKind == JsonValueKind.Undefined ? "{}" : data.GetRawText();
}
