namespace Troupe.Core.Records;

/// <summary>Runs and their tasks, as queries see them. Every write is one transaction with the events it tells of.</summary>
public interface IRunStore
{
    /// <summary>
    /// Inserts a run with its tasks, its first event and its idempotency key, all or nothing. An id that exists is never touched.
    /// A key used before with the same body hash yields the run it made; with another hash, a conflict.
    /// </summary>
    Task<CreateRunResult> TryCreateAsync(NewRun run, CancellationToken cancellationToken);

    Task<RunRecord?> GetRunAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<Page<RunRecord>> ListRunsAsync(RunQuery query, CancellationToken cancellationToken);

    /// <summary>Runs with <see cref="RunRecord.IsUnobeyed"/>, oldest first. It costs what it returns, however many runs there are.</summary>
    Task<IReadOnlyList<RunRecord>> ListUnobeyedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Changes a run and appends events. Returns the run as it then is, or null where there is none.</summary>
    Task<RunRecord?> UpdateRunAsync(string runId, Change<RunRecord> change, CancellationToken cancellationToken);

    Task<TaskRecord?> GetTaskAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>In the order of definition.</summary>
    Task<Page<TaskRecord>> ListTasksAsync(string runId, int limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>Adds tasks found while running (items of a <c>for_each</c>); those that exist are left alone.</summary>
    Task AddTasksAsync(string runId, IReadOnlyList<TaskRecord> tasks, CancellationToken cancellationToken);

    /// <summary>Changes a task and appends events. Returns the task as it then is, or null where there is none.</summary>
    Task<TaskRecord?> UpdateTaskAsync(string taskId, Change<TaskRecord> change, CancellationToken cancellationToken);

    /// <summary>Sums over the tasks of a run, without reading them one by one.</summary>
    Task<RunTotals> GetTotalsAsync(string runId, CancellationToken cancellationToken);

    /// <summary>The median duration of the agent's latest completed tasks (up to 50), or null where there are none.</summary>
    Task<TimeSpan?> EstimateDurationAsync(string agent, CancellationToken cancellationToken);

    /// <summary>Stores the JSON of a finished model turn or tool call; the first one under a key stays.</summary>
    Task PutTurnAsync(string taskId, string turnKey, string json, CancellationToken cancellationToken);

    Task<string?> GetTurnAsync(string taskId, string turnKey, CancellationToken cancellationToken);
}

/// <summary>A conditional change.</summary>
/// <param name="Apply">Makes the new record of the stored one; pure, as it may be called again after a write conflict. Returning its argument leaves the record as it is; what a record is found by must stay, and its revision is the store's to set.</param>
/// <param name="Revision">The orchestrator's number of this change: where the stored one is not lower, nothing happens, events included. Null for changes that others make.</param>
/// <param name="Events">Appended in the same transaction; not at all where there is no revision and the change makes no difference.</param>
public sealed record Change<T>(Func<T, T> Apply, long? Revision = null, params IReadOnlyList<NewEvent> Events);

/// <param name="IdempotencyKey">Scoped to the run's user; null for none.</param>
/// <param name="BodyHash">Of the request that carried the key.</param>
public sealed record NewRun(
    RunRecord Run, IReadOnlyList<TaskRecord> Tasks, IReadOnlyList<NewEvent> Events, string? IdempotencyKey = null, string? BodyHash = null);

public enum CreateRunOutcome
{
    Created,

    /// <summary>The key was used for the same request; <see cref="CreateRunResult.Run"/> is what it made.</summary>
    Repeated,

    /// <summary>The key was used for another request.</summary>
    KeyConflict,

    /// <summary>The run id is taken.</summary>
    IdTaken,
}

public sealed record CreateRunResult(CreateRunOutcome Outcome, RunRecord Run);

/// <summary>Filters of a list of runs; null matches all.</summary>
public sealed record RunQuery
{
    /// <summary>Any of these; none listed matches all, too.</summary>
    public IReadOnlyCollection<WorkStatus>? Statuses { get; init; }

    public string? Tag { get; init; }

    public string? Name { get; init; }

    public string? User { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? CreatedTo { get; init; }

    /// <summary>1 to 500, and as 500 where it is more; default 50.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>From the page before; null for the first.</summary>
    public string? Cursor { get; init; }
}

/// <param name="Items">At most as many as asked for; fewer do not mean the last page.</param>
/// <param name="Cursor">Leads to the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Cursor);

/// <summary>A cursor that no page ever gave out.</summary>
public sealed class InvalidCursorException(string cursor)
    : ArgumentException($"The cursor '{cursor}' is not one that a page gave out. Start again without a cursor.");

/// <param name="Counts">Tasks by status; statuses with none are left out.</param>
/// <param name="DoneWeight">The sum of the weights of terminal tasks, 0 to 1.</param>
/// <param name="Usage">All tasks together.</param>
/// <param name="RunningTitles">Up to five tasks that run now, in order.</param>
public sealed record RunTotals(
    IReadOnlyDictionary<WorkStatus, int> Counts, double DoneWeight, Usage Usage, IReadOnlyList<string> RunningTitles);
