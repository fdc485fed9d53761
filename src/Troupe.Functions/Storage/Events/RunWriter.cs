using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Events;

/// <summary>Writes to a run's partition: rows and the events that tell of them in one transaction, pointers before and after it.</summary>
internal sealed class RunWriter(
    RecordTables tables, EventRows events, EventFeed feed, PointerTable pointers, Conflicts conflicts, AppendSignals signals)
{
    private readonly StripedLock _turns = new();

    /// <param name="prepare">Reads and decides, anew in each attempt (from 1); null where nothing is to be written or told.</param>
    /// <returns>Whether anything was written.</returns>
    public async Task<bool> WriteAsync(
        string runId, IReadOnlyList<NewEvent> newEvents, Func<int, Task<RunWrite?>> prepare, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var written = false;
        using (await _turns.EnterAsync(runId, cancellationToken))
        {
            await conflicts.RetryAsync(
                runId,
                async attempt =>
                {
                    if (await prepare(attempt) is not { } write) return true;
                    return written = await TryWriteAsync(runId, newEvents, write, attempt, cancellationToken);
                },
                cancellationToken);
        }

        if (written && newEvents.Count > 0) signals.Publish(runId);
        return written;
    }

    private async Task<bool> TryWriteAsync(
        string runId, IReadOnlyList<NewEvent> newEvents, RunWrite write, int attempt, CancellationToken cancellationToken)
    {
        var preparing = pointers.PrepareAsync(write.Id, write.Before, write.After, cancellationToken);
        var drafting = DraftAsync(runId, newEvents, write, attempt, cancellationToken);
        await Task.WhenAll(preparing, drafting);
        var (removals, (draft, entry)) = (await preparing, await drafting);
        List<TableTransactionAction> told = entry is null ? [] : [.. events.Append(draft, entry)];
        List<TableTransactionAction> actions = [.. write.Rows, .. told];
        if (actions.Count == 0) return true;
        if (!await tables.Runs.TrySubmitAsync(actions, cancellationToken))
        {
            if (!await WasWrittenAsync(entry, cancellationToken))
            {
                if (attempt == Conflicts.Impatient) await TouchAsync(actions, cancellationToken);
                return false;
            }

            foreach (var action in actions) action.Entity.ETag = default;
        }

        if (entry is not null) events.Wrote(entry, told);
        write.Written();
        await pointers.RemoveAsync(removals, cancellationToken);
        return true;
    }

    private async Task TouchAsync(IEnumerable<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var contested = actions.Where(static action => action.ActionType == TableTransactionActionType.UpdateReplace).Select(static action => action.Entity).ToList();
        if (contested.Count > 0) await tables.Runs.TouchAsync(contested, cancellationToken);
    }

    private async Task<(EventDraft Draft, FeedEntry? Entry)> DraftAsync(
        string runId, IReadOnlyList<NewEvent> newEvents, RunWrite write, int attempt, CancellationToken cancellationToken)
    {
        var draft = await events.DraftAsync(runId, newEvents, attempt, write.IsNew, cancellationToken);
        var rows = write.Rows.Count + draft.RowCount;
        if (rows > RecordTable.MaxTransaction)
            throw new ArgumentException($"A change of '{runId}' takes {rows} rows with its events; a transaction holds {RecordTable.MaxTransaction}. Tell of it in several.");
        return (draft, draft.Events.Count == 0 ? null : await feed.ReserveAsync(runId, draft, cancellationToken));
    }

    /// <summary>
    /// A transaction whose answer was lost on the way is sent again by the client, and then conflicts with itself. Its place in the feed
    /// tells it from another's.
    /// </summary>
    private async Task<bool> WasWrittenAsync(FeedEntry? entry, CancellationToken cancellationToken)
    {
        if (entry is null) return false;
        var stored = await events.ReadAsync(entry.RunId, entry.FirstSequence - 1, 1, cancellationToken);
        if (stored is [{ } first] && first.Position == entry.FirstPosition) return true;
        await feed.ReleaseAsync(entry, cancellationToken);
        return false;
    }
}

/// <summary>What a transaction writes besides its events.</summary>
/// <param name="Id">Of the record that the pointers lead to.</param>
/// <param name="Before">The pointers that the record has made.</param>
/// <param name="After">Those that it makes once it is written.</param>
internal sealed record RunWrite(
    string Id, IReadOnlyList<TableTransactionAction> Rows, IReadOnlyCollection<Pointer> Before, IReadOnlyCollection<Pointer> After)
{
    /// <summary>Nothing but events.</summary>
    public static RunWrite None { get; } = new("", [], [], []);

    /// <summary>The run is made by it, so that it has no events before.</summary>
    public bool IsNew { get; init; }

    /// <summary>Called once it is written, before the next writer of the run; the rows have their tags, or none where those are not known.</summary>
    public Action Written { get; init; } = static () => { };
}
