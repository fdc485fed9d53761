using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;

namespace Troupe.Functions.Storage.Tables;

/// <summary>One table. Conflicts are answers here, not exceptions; throttling and passing faults are retried by the client below.</summary>
internal sealed class RecordTable(TableClient client, Func<CancellationToken, ValueTask> openAsync)
{
    /// <summary>A transaction holds at most 100 entities, each once, of one partition.</summary>
    public const int MaxTransaction = 100;

    private const int MaxPage = 1_000;
    private const int NotFound = 404;

    public async Task<TableEntity?> FindAsync(string partition, string row, CancellationToken cancellationToken, params string[] columns)
    {
        await openAsync(cancellationToken);
        var found = await client.GetEntityIfExistsAsync<TableEntity>(partition, row, columns.Length == 0 ? null : columns, cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Rows in the order of their keys, read page by page while they are walked through.</summary>
    /// <param name="count">How many the caller means to take; no more are asked for at once.</param>
    public async IAsyncEnumerable<TableEntity> RangeAsync(
        string partition, KeyRange range, int count, [EnumeratorCancellation] CancellationToken cancellationToken, params string[] columns)
    {
        await openAsync(cancellationToken);
        var rows = client.QueryAsync<TableEntity>(
            range.Filter(partition), Math.Min(count, MaxPage), columns.Length == 0 ? null : columns, cancellationToken);
        await foreach (var row in rows) yield return row;
    }

    /// <summary>
    /// False where one of them is there already, is gone, or was changed by somebody else: then none was written. Otherwise they have the
    /// tags under which they are stored.
    /// </summary>
    public Task<bool> TrySubmitAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            var answers = (await client.SubmitTransactionAsync(actions, cancellationToken)).Value;
            for (var index = 0; index < answers.Count; index++) Tag(actions[index].Entity, answers[index]);
        },
        cancellationToken);

    /// <summary>False where there is one with its key. Otherwise it has the tag under which it is stored, as in all that follows.</summary>
    public Task<bool> TryInsertAsync(TableEntity entity, CancellationToken cancellationToken) =>
        TryAsync(async () => Tag(entity, await client.AddEntityAsync(entity, cancellationToken)), cancellationToken);

    /// <summary>False where it was changed since it was read.</summary>
    public Task<bool> TryReplaceAsync(TableEntity entity, CancellationToken cancellationToken) => TryAsync(
        async () => Tag(entity, await client.UpdateEntityAsync(entity, entity.ETag, TableUpdateMode.Replace, cancellationToken)), cancellationToken);

    /// <summary>False where it is gone, or was changed since.</summary>
    public async Task<bool> TryDeleteAsync(string partition, string row, ETag tag, CancellationToken cancellationToken)
    {
        // The client answers a missing row instead of throwing.
        var gone = false;
        return await TryAsync(
            async () => gone = (await client.DeleteEntityAsync(partition, row, tag, cancellationToken)).Status == NotFound, cancellationToken) && !gone;
    }

    public async Task PutAsync(TableEntity entity, CancellationToken cancellationToken)
    {
        await openAsync(cancellationToken);
        Tag(entity, await client.UpsertEntityAsync(entity, TableUpdateMode.Replace, cancellationToken));
    }

    /// <summary>
    /// Changes nothing but the tags of rows of one partition, whatever they are, so that whoever has read them fails and reads again. It is
    /// what a write that keeps losing does: a rival that goes by the rows as it wrote them last is always faster.
    /// </summary>
    public Task TouchAsync(IEnumerable<ITableEntity> rows, CancellationToken cancellationToken) => TrySubmitAsync(
        [.. rows.Select(static row => new TableTransactionAction(TableTransactionActionType.UpdateMerge, new TableEntity(row.PartitionKey, row.RowKey), ETag.All))],
        cancellationToken);

    private static void Tag(ITableEntity entity, Response answer) => entity.ETag = answer.Headers.ETag ?? default;

    private async Task<bool> TryAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        await openAsync(cancellationToken);
        try
        {
            await write();
            return true;
        }
        catch (RequestFailedException exception) when (IsConflict(exception))
        {
            return false;
        }
    }

    private static bool IsConflict(RequestFailedException exception) =>
        exception.ErrorCode is "EntityAlreadyExists" or "UpdateConditionNotSatisfied" or "ConditionNotMet" or "ResourceNotFound" or "EntityNotFound";
}
