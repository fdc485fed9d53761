using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Runs;

internal sealed class TableRunStore(
    RunLaunches launches, RunTable runs, RunList list, TaskTable tasks, PendingTasks pending, TurnTable turns, PointerTable pointers) : IRunStore
{
    private const char TaskCursor = 't';

    public Task<CreateRunResult> TryCreateAsync(NewRun run, CancellationToken cancellationToken) => launches.TryCreateAsync(run, cancellationToken);

    public Task<RunRecord?> GetRunAsync(string runId, CancellationToken cancellationToken) => runs.GetAsync(runId, cancellationToken);

    public Task<Page<RunRecord>> ListRunsAsync(RunQuery query, CancellationToken cancellationToken) => list.ReadAsync(query, cancellationToken);

    public Task<IReadOnlyList<RunRecord>> ListUnobeyedAsync(int limit, CancellationToken cancellationToken) =>
        list.UnobeyedAsync(limit, cancellationToken);

    public Task<RunRecord?> UpdateRunAsync(string runId, Change<RunRecord> change, CancellationToken cancellationToken) =>
        runs.UpdateAsync(runId, change, cancellationToken);

    public async Task<TaskRecord?> GetTaskAsync(string taskId, CancellationToken cancellationToken)
    {
        if (RunIds.RunOf(taskId) is not { } runId) return null;
        var row = await tasks.FindAsync(runId, taskId, cancellationToken);
        if (row is null && await pending.CompleteAsync(runId, cancellationToken)) row = await tasks.FindAsync(runId, taskId, cancellationToken);
        return row?.Record;
    }

    public async Task<Page<TaskRecord>> ListTasksAsync(string runId, int limit, string? cursor, CancellationToken cancellationToken)
    {
        limit = PageLimit.Bound(limit);
        var after = cursor is null ? null : KeyCursor.Read(TaskCursor, cursor);
        await pending.CompleteAsync(runId, cancellationToken);
        var rows = await tasks.ReadAsync(runId, after, limit + 1, cancellationToken);
        if (rows.Count <= limit) return new(rows.ConvertAll(static row => row.Record), null);
        rows.RemoveAt(limit);
        return new(rows.ConvertAll(static row => row.Record), KeyCursor.Write(TaskCursor, rows[^1].Entity.RowKey));
    }

    public async Task AddTasksAsync(string runId, IReadOnlyList<TaskRecord> tasks, CancellationToken cancellationToken)
    {
        if (tasks.FirstOrDefault(task => task.RunId != runId) is { } stranger)
            throw new ArgumentException($"The task '{stranger.Id}' is of run '{stranger.RunId}', not of '{runId}'.", nameof(tasks));
        await pending.AddAsync(tasks, cancellationToken);
    }

    public async Task<TaskRecord?> UpdateTaskAsync(string taskId, Change<TaskRecord> change, CancellationToken cancellationToken)
    {
        if (RunIds.RunOf(taskId) is not { } runId) return null;
        var task = await tasks.UpdateAsync(runId, taskId, change, cancellationToken);
        if (task is null && await pending.CompleteAsync(runId, cancellationToken)) task = await tasks.UpdateAsync(runId, taskId, change, cancellationToken);
        return task;
    }

    public async Task<RunTotals> GetTotalsAsync(string runId, CancellationToken cancellationToken)
    {
        await pending.CompleteAsync(runId, cancellationToken);
        return await tasks.SumAsync(runId, cancellationToken);
    }

    public Task<TimeSpan?> EstimateDurationAsync(string agent, CancellationToken cancellationToken) =>
        DurationPointers.MedianAsync(pointers, agent, cancellationToken);

    public Task PutTurnAsync(string taskId, string turnKey, string json, CancellationToken cancellationToken) =>
        turns.PutAsync(taskId, turnKey, json, cancellationToken);

    public Task<string?> GetTurnAsync(string taskId, string turnKey, CancellationToken cancellationToken) =>
        turns.GetAsync(taskId, turnKey, cancellationToken);
}
