using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Sqlite;
using Troupe.Storage.Events;
using Troupe.Storage.Records;

namespace Troupe.Storage.Runs;

internal sealed class SqliteRunStore(RecordsDatabase database, EventWriter events) : IRunStore
{
    public async Task<CreateRunResult> TryCreateAsync(NewRun run, CancellationToken cancellationToken)
    {
        var json = RecordJson.Write(run.Run);
        var tasks = Serialize(run.Tasks);
        var result = await database.WriteAsync(session => Create(session, run, json, tasks), cancellationToken);
        if (result.Outcome == CreateRunOutcome.Created) events.Announce(run.Run.Id, run.Events);
        return result;
    }

    public Task<RunRecord?> GetRunAsync(string runId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => RunRows.Find(session, runId), cancellationToken);

    public Task<Page<RunRecord>> ListRunsAsync(RunQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(session => RunList.Read(session, query), cancellationToken);

    public Task<IReadOnlyList<RunRecord>> ListUnobeyedAsync(int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(session => RunRows.Unobeyed(session, limit), cancellationToken);

    public Task<RunRecord?> UpdateRunAsync(string runId, Change<RunRecord> change, CancellationToken cancellationToken) =>
        UpdateAsync(change, session => RunRows.Update(session, runId, change), static run => run.Id, cancellationToken);

    public Task<TaskRecord?> GetTaskAsync(string taskId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => TaskRows.Find(session, taskId), cancellationToken);

    public Task<Page<TaskRecord>> ListTasksAsync(string runId, int limit, string? cursor, CancellationToken cancellationToken) =>
        database.ReadAsync(session => TaskRows.List(session, runId, limit, cursor), cancellationToken);

    public async Task AddTasksAsync(string runId, IReadOnlyList<TaskRecord> tasks, CancellationToken cancellationToken)
    {
        if (tasks.FirstOrDefault(task => task.RunId != runId) is { } stranger)
            throw new ArgumentException($"The task '{stranger.Id}' is of run '{stranger.RunId}', not of '{runId}'.", nameof(tasks));
        if (tasks.Count == 0) return;
        var rows = Serialize(tasks);
        await database.WriteAsync(session => InsertTasks(session, rows), cancellationToken);
    }

    public Task<TaskRecord?> UpdateTaskAsync(string taskId, Change<TaskRecord> change, CancellationToken cancellationToken) =>
        UpdateAsync(change, session => TaskRows.Update(session, taskId, change), static task => task.RunId, cancellationToken);

    public Task<RunTotals> GetTotalsAsync(string runId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => TaskSums.Totals(session, runId), cancellationToken);

    public Task<TimeSpan?> EstimateDurationAsync(string agent, CancellationToken cancellationToken) =>
        database.ReadAsync(session => TaskSums.MedianDuration(session, agent), cancellationToken);

    public Task PutTurnAsync(string taskId, string turnKey, string json, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute(
                "INSERT INTO turns (task_id, turn_key, json) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", taskId, turnKey, json),
            cancellationToken);

    public Task<string?> GetTurnAsync(string taskId, string turnKey, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.QuerySingle(
                "SELECT json FROM turns WHERE task_id = ? AND turn_key = ?", static row => row.GetString(0), taskId, turnKey),
            cancellationToken);

    private CreateRunResult Create(SqliteSession session, NewRun launch, string json, List<(TaskRecord, string)> tasks)
    {
        if (!RunRows.TryInsert(session, launch, json)) return Refuse(session, launch);
        InsertTasks(session, tasks);
        events.Append(session, launch.Run.Id, launch.Events);
        return new(CreateRunOutcome.Created, launch.Run);
    }

    /// <summary>A key decides before an id does: who repeats a request repeats the id in it, too.</summary>
    private static CreateRunResult Refuse(SqliteSession session, NewRun launch)
    {
        if (RunRows.FindByKey(session, launch.Run.User, launch.IdempotencyKey) is var (run, hash))
            return new(hash == launch.BodyHash ? CreateRunOutcome.Repeated : CreateRunOutcome.KeyConflict, run);
        return new(CreateRunOutcome.IdTaken, RunRows.Find(session, launch.Run.Id)!);
    }

    private static int InsertTasks(SqliteSession session, List<(TaskRecord Task, string Json)> tasks)
    {
        foreach (var (task, json) in tasks) TaskRows.TryInsert(session, task, json);
        return tasks.Count;
    }

    /// <summary>Done by the caller's thread, so that the writer's has less to do.</summary>
    private static List<(TaskRecord, string)> Serialize(IReadOnlyList<TaskRecord> tasks) =>
        [.. tasks.Select(static task => (task, RecordJson.Write(task)))];

    private async Task<T?> UpdateAsync<T>(
        Change<T> change, Func<SqliteSession, ChangeResult<T>?> update, Func<T, string> runId, CancellationToken cancellationToken)
        where T : class
    {
        var result = await database.WriteAsync(
            session =>
            {
                var result = update(session);
                if (result is { Changed: true } changed) events.Append(session, runId(changed.Record), change.Events);
                return result;
            },
            cancellationToken);
        if (result is { Changed: true } changed) events.Announce(runId(changed.Record), change.Events);
        return result?.Record;
    }
}
