using Troupe.Core.Artifacts;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Runs;

/// <summary>
/// Adds tasks in transactions of as many as fit. A launch with more than that stores its tasks as an artifact, which its run's row names,
/// so that it is still made all or nothing; they become rows afterwards, by the launcher or by the first who asks for them.
/// </summary>
internal sealed class PendingTasks(
    RunTable runs, TaskTable tasks, RecordTables tables, PointerTable pointers, IArtifactStore artifacts, Conflicts conflicts)
{
    private const int AtOnce = RecordTable.MaxTransaction / TaskTable.RowsEach;
    private const int MaxComplete = 10_000;

    /// <summary>Runs that have the rows of all their tasks; one that has never lacks any again.</summary>
    private readonly Bounded<string, bool> _complete = new(MaxComplete);

    /// <summary>Stores tasks to become rows later, and returns their artifact.</summary>
    public async Task<string> DeferAsync(IReadOnlyList<TaskRecord> deferred, CancellationToken cancellationToken) =>
        (await artifacts.PutTextAsync(RecordJson.Write(deferred), "application/json", cancellationToken)).Hash;

    /// <summary>Whether the run has the rows of all its tasks now and had not before.</summary>
    public async Task<bool> CompleteAsync(string runId, CancellationToken cancellationToken)
    {
        if (_complete.TryGet(runId, out _) || await runs.PeekAsync(runId, RunTable.Tasks, cancellationToken) is not { } row) return false;
        if (row.GetString(RunTable.Tasks) is not { } pending)
        {
            HasAll(runId);
            return false;
        }

        var json = await artifacts.ReadTextAsync(pending, cancellationToken)
            ?? throw new InvalidDataException($"The tasks of run '{runId}' are in the artifact {pending}, which is gone.");
        await AddAsync(RecordJson.Read<List<TaskRecord>>(json), cancellationToken);
        await conflicts.RetryAsync(runId, _ => TryClearAsync(runId, cancellationToken), cancellationToken);
        HasAll(runId);
        return true;
    }

    /// <summary>Takes note that the run has the rows of all its tasks.</summary>
    public void HasAll(string runId) => _complete.Put(runId, true);

    /// <summary>Adds those that do not exist.</summary>
    public async Task AddAsync(IReadOnlyList<TaskRecord> added, CancellationToken cancellationToken)
    {
        foreach (var part in TaskBatches.Split(added, AtOnce))
        {
            await Concurrently.ForEachAsync(
                part, task => pointers.PrepareAsync(task.Id, [], DurationPointers.Of(task), cancellationToken));
            await conflicts.RetryAsync(part[0].RunId, attempt => TryAddAsync(part, attempt, cancellationToken), cancellationToken);
        }
    }

    private async Task<bool> TryAddAsync(IReadOnlyList<TaskRecord> part, int attempt, CancellationToken cancellationToken)
    {
        var missing = attempt == 1 ? part : await MissingAsync(part, cancellationToken);
        if (missing.Count == 0) return true;
        var rows = await tasks.InsertAsync(missing, cancellationToken);
        if (!await tables.Runs.TrySubmitAsync(rows, cancellationToken)) return false;
        tasks.Wrote(rows);
        return true;
    }

    private async Task<List<TaskRecord>> MissingAsync(IReadOnlyList<TaskRecord> part, CancellationToken cancellationToken)
    {
        var exists = await Concurrently.SelectAsync(part, task => tasks.ExistsAsync(task, cancellationToken));
        return [.. part.Where((_, index) => !exists[index])];
    }

    private async Task<bool> TryClearAsync(string runId, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(runId, cancellationToken) is not { } row || !row.Entity.Remove(RunTable.Tasks)) return true;
        if (!await tables.Runs.TryReplaceAsync(row.Entity, cancellationToken)) return false;
        runs.Wrote(row.Entity);
        return true;
    }
}
