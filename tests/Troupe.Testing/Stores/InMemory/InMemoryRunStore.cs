using Troupe.Core.Records;

namespace Troupe.Testing.Stores.InMemory;

internal sealed class InMemoryRunStore(InMemoryEventLog events, Lock gate) : IRunStore
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, RunRecord> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string User, string Key), (string RunId, string? BodyHash)> _keys = [];
    private readonly InMemoryTasks _tasks = new();
    private readonly Dictionary<(string TaskId, string TurnKey), string> _turns = [];

    public Task<CreateRunResult> TryCreateAsync(NewRun run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate) return Task.FromResult(Create(run));
    }

    public Task<RunRecord?> GetRunAsync(string runId, CancellationToken cancellationToken)
    {
        lock (gate) return Task.FromResult(_runs.GetValueOrDefault(runId));
    }

    public Task<Page<RunRecord>> ListRunsAsync(RunQuery query, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // A run keeps its place in the list, whatever the filter, so that cursors stay valid.
            var all = _order.Select((id, index) => (Index: index, Run: _runs[id])).Where(row => Matches(row.Run, query));
            return Task.FromResult(MemoryCursor.Page(
                all.Select(static row => (row.Run.CreatedAt.UtcTicks, (long)row.Index, row.Run)), newestFirst: true, query.Limit, query.Cursor, 'r'));
        }
    }

    public Task<IReadOnlyList<RunRecord>> ListUnobeyedAsync(int limit, CancellationToken cancellationToken)
    {
        lock (gate)
            return Task.FromResult<IReadOnlyList<RunRecord>>([.. _order.Select(id => _runs[id]).Where(static run => run.IsUnobeyed).Take(limit)]);
    }

    public Task<RunRecord?> UpdateRunAsync(string runId, Change<RunRecord> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (!_runs.TryGetValue(runId, out var stored)) return Task.FromResult<RunRecord?>(null);
            var changed = MemoryChange.Apply(stored, stored.Revision, change);
            if (changed is null) return Task.FromResult<RunRecord?>(stored);
            changed = changed with { Revision = change.Revision ?? stored.Revision };
            MemoryChange.CheckKept(stored.Id, (stored.Id, stored.User, stored.CreatedAt), (changed.Id, changed.User, changed.CreatedAt));
            _runs[runId] = changed;
            events.Append(runId, change.Events);
            return Task.FromResult<RunRecord?>(changed);
        }
    }

    public Task<TaskRecord?> GetTaskAsync(string taskId, CancellationToken cancellationToken)
    {
        lock (gate) return Task.FromResult(_tasks.Find(taskId));
    }

    public Task<Page<TaskRecord>> ListTasksAsync(string runId, int limit, string? cursor, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(MemoryCursor.Page(
                _tasks.OfRun(runId).Select(static (task, index) => ((long)task.Ordinal, (long)index, task)), newestFirst: false, limit, cursor, 't'));
        }
    }

    public Task AddTasksAsync(string runId, IReadOnlyList<TaskRecord> tasks, CancellationToken cancellationToken)
    {
        if (tasks.FirstOrDefault(task => task.RunId != runId) is { } stranger)
            throw new ArgumentException($"The task '{stranger.Id}' is of run '{stranger.RunId}', not of '{runId}'.", nameof(tasks));
        lock (gate) _tasks.Add(tasks);
        return Task.CompletedTask;
    }

    public Task<TaskRecord?> UpdateTaskAsync(string taskId, Change<TaskRecord> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (_tasks.Find(taskId) is not { } stored) return Task.FromResult<TaskRecord?>(null);
            var changed = MemoryChange.Apply(stored, stored.Revision, change);
            if (changed is null) return Task.FromResult<TaskRecord?>(stored);
            changed = changed with { Revision = change.Revision ?? stored.Revision };
            MemoryChange.CheckKept(stored.Id, (stored.Id, stored.RunId, stored.Ordinal), (changed.Id, changed.RunId, changed.Ordinal));
            _tasks.Replace(changed);
            events.Append(stored.RunId, change.Events);
            return Task.FromResult<TaskRecord?>(changed);
        }
    }

    public Task<RunTotals> GetTotalsAsync(string runId, CancellationToken cancellationToken)
    {
        lock (gate) return Task.FromResult(_tasks.Totals(runId));
    }

    public Task<TimeSpan?> EstimateDurationAsync(string agent, CancellationToken cancellationToken)
    {
        lock (gate) return Task.FromResult(_tasks.MedianDuration(agent));
    }

    public Task PutTurnAsync(string taskId, string turnKey, string json, CancellationToken cancellationToken)
    {
        lock (gate) _turns.TryAdd((taskId, turnKey), json);
        return Task.CompletedTask;
    }

    public Task<string?> GetTurnAsync(string taskId, string turnKey, CancellationToken cancellationToken)
    {
        lock (gate) return Task.FromResult(_turns.GetValueOrDefault((taskId, turnKey)));
    }

    private CreateRunResult Create(NewRun launch)
    {
        var run = launch.Run;
        var key = launch.IdempotencyKey is { } given ? (run.User, given) : default((string, string)?);
        if (key is { } used && _keys.TryGetValue(used, out var made))
            return new(made.BodyHash == launch.BodyHash ? CreateRunOutcome.Repeated : CreateRunOutcome.KeyConflict, _runs[made.RunId]);
        if (_runs.TryGetValue(run.Id, out var existing)) return new(CreateRunOutcome.IdTaken, existing);
        _runs.Add(run.Id, run);
        _order.Add(run.Id);
        if (key is { } fresh) _keys.Add(fresh, (run.Id, launch.BodyHash));
        _tasks.Add(launch.Tasks);
        events.Append(run.Id, launch.Events);
        return new(CreateRunOutcome.Created, run);
    }

    private static bool Matches(RunRecord run, RunQuery query) =>
        (query.Statuses is not { Count: > 0 } statuses || statuses.Contains(run.Status))
        && (query.Tag is null || run.Tags.Contains(query.Tag, StringComparer.Ordinal))
        && (query.Name is null || run.Name == query.Name)
        && (query.User is null || run.User == query.User)
        && (query.CreatedFrom is null || run.CreatedAt >= query.CreatedFrom)
        && (query.CreatedTo is null || run.CreatedAt <= query.CreatedTo);
}
