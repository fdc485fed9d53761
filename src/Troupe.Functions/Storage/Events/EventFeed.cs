using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Events;

/// <summary>
/// The order of the events of all runs: one partition with a head, which holds the last position given out, and an entry for each
/// transaction. A place is reserved before the events are written; <see cref="FeedReader"/> deals with places whose events never came.
/// Writers of this process that come at once share one transaction.
/// </summary>
internal sealed class EventFeed(RecordTables tables, Conflicts conflicts, TimeProvider time)
{
    private const string Partition = "feed";
    private const string Head = "head";
    private const string Entries = "entry:";

    private readonly ConcurrentQueue<Request> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly LastSeen _seen = new(time);

    /// <summary>Reserves positions for the events of a draft.</summary>
    public async Task<FeedEntry> ReserveAsync(string runId, EventDraft draft, CancellationToken cancellationToken)
    {
        var request = new Request(runId, draft.FirstSequence, draft.Events.Count);
        _waiting.Enqueue(request);
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            while (!request.Reserved.Task.IsCompleted) await ReserveWaitingAsync();
        }
        finally
        {
            _turn.Release();
        }

        var entry = await request.Reserved.Task;
        if (!cancellationToken.IsCancellationRequested) return entry;
        await ReleaseAsync(entry, CancellationToken.None);
        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Gives back a place whose events are not going to come.</summary>
    public Task ReleaseAsync(FeedEntry entry, CancellationToken cancellationToken) =>
        tables.Feed.TryDeleteAsync(Partition, Row(entry.LastPosition), ETag.All, cancellationToken);

    /// <summary>Entries with events after a position, in order.</summary>
    public async IAsyncEnumerable<FeedEntry> ReadAsync(long afterPosition, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (afterPosition == long.MaxValue) yield break;
        var range = KeyRange.Of(Entries) with { From = Row(Math.Max(0, afterPosition + 1)) };
        await foreach (var entity in tables.Feed.RangeAsync(Partition, range, count, cancellationToken))
        {
            yield return new FeedEntry(
                entity.GetString("Run"),
                entity.GetInt64("Last")!.Value,
                entity.GetInt64("First")!.Value,
                entity.GetInt32("Count")!.Value,
                entity.GetDateTimeOffset("At")!.Value);
        }
    }

    /// <summary>The last position given out; 0 where there is none.</summary>
    public async Task<long> GetLastAsync(CancellationToken cancellationToken) =>
        (await tables.Feed.FindAsync(Partition, Head, cancellationToken))?.GetInt64("Position") ?? 0;

    private async Task ReserveWaitingAsync()
    {
        var requests = new List<Request>();
        while (requests.Count < RecordTable.MaxTransaction - 1 && _waiting.TryDequeue(out var request)) requests.Add(request);
        try
        {
            var entries = await conflicts.RetryAsync("the event feed", attempt => TryReserveAsync(requests, attempt), CancellationToken.None);
            foreach (var (request, entry) in requests.Zip(entries)) request.Reserved.SetResult(entry);
        }
        catch (Exception exception)
        {
            foreach (var request in requests) request.Reserved.SetException(exception);
        }
    }

    private async Task<List<FeedEntry>?> TryReserveAsync(List<Request> requests, int attempt)
    {
        var stored = await HeadAsync(attempt);
        var last = stored?.GetInt64("Position") ?? 0;
        var now = time.GetUtcNow();
        var entries = requests.ConvertAll(request => new FeedEntry(request.RunId, last += request.Count, request.FirstSequence, request.Count, now));
        var head = new TableEntity(Partition, Head) { ["Position"] = last };
        var actions = entries.ConvertAll(static entry => new TableTransactionAction(TableTransactionActionType.Add, Entity(entry)));
        actions.Add(stored is null
            ? new TableTransactionAction(TableTransactionActionType.Add, head)
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, head, stored.ETag));
        if (await tables.Feed.TrySubmitAsync(actions, CancellationToken.None))
        {
            _seen.Wrote(head);
            return entries;
        }

        if (attempt == Conflicts.Impatient && stored is not null) await tables.Feed.TouchAsync([head], CancellationToken.None);
        return null;
    }

    private async Task<TableEntity?> HeadAsync(int attempt)
    {
        if (attempt == 1 && _seen.Recall(Partition, Head) is { } seen) return seen;
        var stored = await tables.Feed.FindAsync(Partition, Head, CancellationToken.None);
        if (stored is not null) _seen.Read(stored);
        return stored;
    }

    private static TableEntity Entity(FeedEntry entry) => new(Partition, Row(entry.LastPosition))
    {
        ["Run"] = entry.RunId,
        ["Last"] = entry.LastPosition,
        ["First"] = entry.FirstSequence,
        ["Count"] = entry.Count,
        ["At"] = entry.At,
    };

    private static string Row(long position) => $"{Entries}{position.ToString("d19", CultureInfo.InvariantCulture)}";

    private sealed record Request(string RunId, long FirstSequence, int Count)
    {
        public TaskCompletionSource<FeedEntry> Reserved { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
