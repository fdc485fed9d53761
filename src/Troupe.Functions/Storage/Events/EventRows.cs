using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Events;

/// <summary>
/// The events in a run's partition: one row each, one row for each deduplication key, and the head, which holds the last sequence. Every
/// transaction that tells something replaces the head as it was read, so that sequences have no gaps and no repetitions.
/// </summary>
internal sealed class EventRows(RecordTables tables, RecentEvents recent, TimeProvider time)
{
    private const string Head = "head";
    private const string Events = "event:";

    private readonly LastSeen _heads = new(time);

    /// <summary>
    /// The events as they would be appended now. Keys that were seen before make the transaction fail, as their rows are there already: they
    /// are looked for, and their events left out, from the second attempt on.
    /// </summary>
    /// <param name="isNew">The run has no rows as far as its writer knows.</param>
    public async Task<EventDraft> DraftAsync(string runId, IReadOnlyList<NewEvent> events, int attempt, bool isNew, CancellationToken cancellationToken)
    {
        var partition = EntityKey.Of(runId);
        if (events.Count == 0) return new EventDraft(new TableEntity(partition, Head), [], 0);
        var heading = HeadAsync(partition, attempt, isNew, cancellationToken);
        var keys = attempt == 1 ? new HashSet<string>(StringComparer.Ordinal) : await SeenAsync(partition, events, cancellationToken);
        var head = await heading ?? new TableEntity(partition, Head) { ["Sequence"] = 0L };
        return new EventDraft(head, [.. events.Where(item => item.DedupKey is null || keys.Add(item.DedupKey))], head.GetInt64("Sequence") ?? 0);
    }

    /// <summary>What a transaction does to append the events of a draft at a place in the feed; the head comes first.</summary>
    public IEnumerable<TableTransactionAction> Append(EventDraft draft, FeedEntry entry)
    {
        var now = time.GetUtcNow();
        var head = new TableEntity(draft.Head.PartitionKey, Head) { ["Sequence"] = draft.Last };
        yield return draft.IsFirst
            ? new TableTransactionAction(TableTransactionActionType.Add, head)
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, head, draft.Head.ETag);
        for (var index = 0; index < draft.Events.Count; index++)
        {
            var item = draft.Events[index];
            yield return new TableTransactionAction(TableTransactionActionType.Add, Entity(draft, item, index, entry.FirstPosition + index, now));
            if (item.DedupKey is { } key)
                yield return new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(draft.Head.PartitionKey, DedupRow(key)));
        }
    }

    /// <summary>Takes note of events that were written by what <see cref="Append"/> gave.</summary>
    public void Wrote(FeedEntry entry, IReadOnlyList<TableTransactionAction> appended)
    {
        var rows = appended.Select(static action => (TableEntity)action.Entity).ToList();
        _heads.Wrote(rows[0]);
        recent.Wrote(entry, [.. rows.Where(static row => row.RowKey.StartsWith(Events, StringComparison.Ordinal)).Select(row => Read(entry.RunId, row))]);
    }

    /// <summary>Events of a run after a sequence number, oldest first.</summary>
    public async Task<List<RunEvent>> ReadAsync(string runId, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        var events = new List<RunEvent>();
        if (afterSequence == long.MaxValue) return events;
        var range = KeyRange.Of(Events) with { From = Row(Math.Max(0, afterSequence + 1)) };
        await foreach (var entity in tables.Runs.RangeAsync(EntityKey.Of(runId), range, limit, cancellationToken))
        {
            events.Add(Read(runId, entity));
            if (events.Count == limit) break;
        }

        return events;
    }

    /// <summary>
    /// Makes a transaction that was drafted and not yet written fail. False where it, or another one, was written meanwhile.
    /// </summary>
    public async Task<bool> TryFenceAsync(string runId, long firstSequence, CancellationToken cancellationToken)
    {
        var partition = EntityKey.Of(runId);
        var head = await tables.Runs.FindAsync(partition, Head, cancellationToken);
        if (head?.GetInt64("Sequence") >= firstSequence) return false;
        var fence = head ?? new TableEntity(partition, Head) { ["Sequence"] = 0L };
        var fenced = head is null ? await tables.Runs.TryInsertAsync(fence, cancellationToken) : await tables.Runs.TryReplaceAsync(fence, cancellationToken);
        if (fenced) _heads.Wrote(fence);
        return fenced;
    }

    private async Task<TableEntity?> HeadAsync(string partition, int attempt, bool isNew, CancellationToken cancellationToken)
    {
        if (attempt == 1 && isNew) return null;
        if (attempt == 1 && _heads.Recall(partition, Head) is { } known) return known;
        var stored = await tables.Runs.FindAsync(partition, Head, cancellationToken);
        if (stored is not null) _heads.Read(stored);
        return stored;
    }

    private async Task<HashSet<string>> SeenAsync(string partition, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        var keys = events.Select(static item => item.DedupKey).OfType<string>().Distinct(StringComparer.Ordinal);
        var rows = await Concurrently.SelectAsync(
            keys, async key => (Key: key, Row: await tables.Runs.FindAsync(partition, DedupRow(key), cancellationToken, "RowKey")));
        return rows.Where(static found => found.Row is not null).Select(static found => found.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>An event without data has an empty object.</summary>
    private static TableEntity Entity(EventDraft draft, NewEvent item, int index, long position, DateTimeOffset now) =>
        new(draft.Head.PartitionKey, Row(draft.FirstSequence + index))
        {
            ["Sequence"] = draft.FirstSequence + index,
            ["Position"] = position,
            ["Type"] = item.Type,
            ["At"] = now,
            ["TaskId"] = item.TaskId,
            ["Data"] = item.Data.ValueKind == JsonValueKind.Undefined ? "{}" : item.Data.GetRawText(),
        };

    private static RunEvent Read(string runId, TableEntity entity) => new(
        runId,
        entity.GetInt64("Sequence")!.Value,
        entity.GetInt64("Position")!.Value,
        entity.GetString("Type"),
        entity.GetDateTimeOffset("At")!.Value,
        entity.GetString("TaskId"),
        JsonElement.Parse(entity.GetString("Data")));

    private static string Row(long sequence) => $"{Events}{sequence.ToString("d19", CultureInfo.InvariantCulture)}";

    private static string DedupRow(string key) => $"dedup:{EntityKey.Of(key)}";
}
