using System.Globalization;
using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Events;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Runs;

/// <summary>
/// The tasks in a run's partition: each is a row in the order of definition, and one that leads there from its key. Sums read the narrow
/// columns alone.
/// </summary>
internal sealed class TaskTable(RecordTables tables, JsonCells cells, RunWriter writer, TimeProvider time)
{
    /// <summary>Rows of one task.</summary>
    public const int RowsEach = 2;

    private const string Ordered = "task:";
    private const int MaxPlaces = 10_000;

    private readonly RecordSet<TaskRecord> _records = new(RecordKinds.Task, DurationPointers.Of, TaskColumns.Fill, tables, cells, writer, time);

    /// <summary>The rows of tasks by their ids. A task never changes its place.</summary>
    private readonly Bounded<string, string> _places = new(MaxPlaces);

    public async Task<RecordRow<TaskRecord>?> FindAsync(string runId, string taskId, CancellationToken cancellationToken)
    {
        var partition = EntityKey.Of(runId);
        if (_places.TryGet(taskId, out var place) && await _records.FindAsync(partition, place, cancellationToken) is { } found) return found;
        if (await tables.Runs.FindAsync(partition, KeyRow(runId, taskId), cancellationToken) is not { } key) return null;
        _places.Put(taskId, key.GetString("Row"));
        return await _records.FindAsync(partition, key.GetString("Row"), cancellationToken);
    }

    public Task<TaskRecord?> UpdateAsync(string runId, string taskId, Change<TaskRecord> change, CancellationToken cancellationToken) =>
        _records.UpdateAsync(runId, _places.TryGet(taskId, out var place) ? place : null, () => FindAsync(runId, taskId, cancellationToken), change, cancellationToken);

    /// <summary>Takes note of rows that <see cref="InsertAsync"/> made and that were just written.</summary>
    public void Wrote(IEnumerable<TableTransactionAction> inserted)
    {
        foreach (var entity in inserted.Select(static action => (TableEntity)action.Entity).Where(static entity => entity.RowKey.StartsWith(Ordered, StringComparison.Ordinal)))
            _records.Wrote(entity);
    }

    public async Task<bool> ExistsAsync(TaskRecord task, CancellationToken cancellationToken) =>
        await tables.Runs.FindAsync(EntityKey.Of(task.RunId), KeyRow(task.RunId, task.Id), cancellationToken, "RowKey") is not null;

    /// <summary>The rows of new tasks.</summary>
    public async Task<List<TableTransactionAction>> InsertAsync(IReadOnlyList<TaskRecord> tasks, CancellationToken cancellationToken)
    {
        var actions = new List<TableTransactionAction>();
        foreach (var task in tasks)
        {
            var record = await _records.CreateAsync(EntityKey.Of(task.RunId), OrderedRow(task), task, cancellationToken);
            _places.Put(task.Id, record.RowKey);
            actions.Add(new(TableTransactionActionType.Add, record));
            actions.Add(new(TableTransactionActionType.Add, new TableEntity(record.PartitionKey, KeyRow(task.RunId, task.Id)) { ["Row"] = record.RowKey }));
        }

        return actions;
    }

    /// <summary>Up to so many tasks after a row, in the order of definition.</summary>
    public async Task<List<RecordRow<TaskRecord>>> ReadAsync(string runId, string? afterRow, int count, CancellationToken cancellationToken)
    {
        var rows = tables.Runs.RangeAsync(EntityKey.Of(runId), KeyRange.Of(Ordered) with { After = afterRow }, count, cancellationToken);
        return await Concurrently.SelectAsync(
            await rows.Take(count).ToListAsync(cancellationToken), entity => _records.ReadAsync(entity, cancellationToken));
    }

    public async Task<RunTotals> SumAsync(string runId, CancellationToken cancellationToken)
    {
        var sum = new TaskSum();
        var rows = tables.Runs.RangeAsync(EntityKey.Of(runId), KeyRange.Of(Ordered), int.MaxValue, cancellationToken, TaskColumns.Names);
        await foreach (var row in rows) sum.Add(row);
        return sum.Totals;
    }

    /// <summary>Tasks of one ordinal are in the order of their keys' length first, so that <c>t.10</c> follows <c>t.9</c>.</summary>
    private static string OrderedRow(TaskRecord task)
    {
        var key = KeyOf(task.RunId, task.Id);
        return string.Create(CultureInfo.InvariantCulture, $"{Ordered}{task.Ordinal:d10}:{key.Length:d4}:{EntityKey.Of(key)}");
    }

    private static string KeyRow(string runId, string taskId) => $"task-key:{EntityKey.Of(KeyOf(runId, taskId))}";

    /// <summary>What follows the run in a task's id; the same as its key where that is not too long.</summary>
    private static string KeyOf(string runId, string taskId) => RunIds.RunOf(taskId) == runId ? taskId[(runId.Length + 1)..] : taskId;
}
