using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Events;

/// <summary>The records of one kind in the runs' partitions: as rows, and changed by the rules of <see cref="Change{T}"/>.</summary>
/// <param name="pointersOf">The entries that a record makes in lists.</param>
/// <param name="fill">Writes the columns that are read without the record.</param>
internal sealed class RecordSet<T>(
    RecordKind<T> kind,
    Func<T, IReadOnlyCollection<Pointer>> pointersOf,
    Action<TableEntity, T>? fill,
    RecordTables tables,
    JsonCells cells,
    RunWriter writer,
    TimeProvider time)
    where T : class
{
    private const string Revision = "Revision";

    private readonly LastSeen _seen = new(time);

    public async Task<RecordRow<T>?> FindAsync(string partition, string row, CancellationToken cancellationToken) =>
        await tables.Runs.FindAsync(partition, row, cancellationToken) is { } entity ? await ReadAsync(entity, cancellationToken) : null;

    public async Task<RecordRow<T>> ReadAsync(TableEntity entity, CancellationToken cancellationToken)
    {
        var json = await cells.ReadAsync(entity, cancellationToken);
        return new(entity, new StoredRecord<T>(RecordJson.Read<T>(json), entity.GetInt64(Revision) ?? 0, json));
    }

    /// <summary>The entity of a new record.</summary>
    public Task<TableEntity> CreateAsync(string partition, string row, T record, CancellationToken cancellationToken) =>
        WriteAsync(new TableEntity(partition, row), new StoredRecord<T>(record, 0, RecordJson.Write(record)), cancellationToken);

    /// <summary>What a transaction does to insert a new record.</summary>
    public async Task<RunWrite> InsertAsync(string partition, string row, T record, CancellationToken cancellationToken)
    {
        var entity = await CreateAsync(partition, row, record, cancellationToken);
        return new RunWrite(kind.Id(record), [new(TableTransactionActionType.Add, entity)], [], pointersOf(record)) { Written = () => Wrote(entity) };
    }

    /// <summary>Takes note of a record's row that was just written.</summary>
    public void Wrote(TableEntity entity) => _seen.Wrote(entity);

    /// <param name="row">The record's, where it is known without reading.</param>
    /// <returns>The record as it then is, or null where there is none.</returns>
    public async Task<T?> UpdateAsync(
        string runId, string? row, Func<Task<RecordRow<T>?>> find, Change<T> change, CancellationToken cancellationToken)
    {
        T? result = null;
        await writer.WriteAsync(
            runId,
            change.Events,
            async attempt =>
            {
                // That nothing is to be done is never said of a row that was not read just now.
                if (attempt == 1 && await RecallAsync(runId, row, cancellationToken) is { } seen && await ApplyAsync(seen) is { } likely) return likely;
                var stored = await find();
                result = stored?.Record;
                if (stored is null) return null;
                _seen.Read(stored.Entity);
                return await ApplyAsync(stored);
            },
            cancellationToken);
        return result;

        async Task<RunWrite?> ApplyAsync(RecordRow<T> stored)
        {
            if (stored.Stored.Apply(kind, change) is not { } changed) return null;
            result = changed.Record;
            var entity = await WriteAsync(stored.Entity, changed, cancellationToken);
            return new RunWrite(
                kind.Id(changed.Record),
                [new(TableTransactionActionType.UpdateReplace, entity, entity.ETag)],
                pointersOf(stored.Record),
                pointersOf(changed.Record))
            { Written = () => Wrote(entity) };
        }
    }

    private async Task<RecordRow<T>?> RecallAsync(string runId, string? row, CancellationToken cancellationToken) =>
        row is not null && _seen.Recall(EntityKey.Of(runId), row) is { } entity ? await ReadAsync(entity, cancellationToken) : null;

    private async Task<TableEntity> WriteAsync(TableEntity entity, StoredRecord<T> stored, CancellationToken cancellationToken)
    {
        await cells.WriteAsync(entity, stored.Json, cancellationToken);
        entity[Revision] = stored.Revision;
        fill?.Invoke(entity, stored.Record);
        return entity;
    }
}
