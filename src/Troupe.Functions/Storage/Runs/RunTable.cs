using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Events;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Runs;

/// <summary>The rows of the runs themselves, one in each run's partition.</summary>
internal sealed class RunTable(RecordTables tables, JsonCells cells, RunWriter writer, TimeProvider time)
{
    /// <summary>The idempotency key that made the run, as <see cref="LaunchKeys.Name"/> writes it.</summary>
    public const string Key = "LaunchKey";

    /// <summary>The artifact that holds tasks which are not rows yet.</summary>
    public const string Tasks = "PendingTasks";

    private const string Row = "run";

    private readonly RecordSet<RunRecord> _records = new(RecordKinds.Run, RunPointers.Of, fill: null, tables, cells, writer, time);

    public Task<RecordRow<RunRecord>?> FindAsync(string runId, CancellationToken cancellationToken) =>
        _records.FindAsync(EntityKey.Of(runId), Row, cancellationToken);

    public async Task<RunRecord?> GetAsync(string runId, CancellationToken cancellationToken) => (await FindAsync(runId, cancellationToken))?.Record;

    /// <summary>Some columns alone.</summary>
    public Task<TableEntity?> PeekAsync(string runId, string column, CancellationToken cancellationToken) =>
        tables.Runs.FindAsync(EntityKey.Of(runId), Row, cancellationToken, "PartitionKey", "RowKey", column);

    public Task<TableEntity> CreateAsync(RunRecord run, CancellationToken cancellationToken) =>
        _records.CreateAsync(EntityKey.Of(run.Id), Row, run, cancellationToken);

    public void Wrote(TableEntity row) => _records.Wrote(row);

    public Task<RunRecord?> UpdateAsync(string runId, Change<RunRecord> change, CancellationToken cancellationToken) =>
        _records.UpdateAsync(runId, Row, () => FindAsync(runId, cancellationToken), change, cancellationToken);
}
