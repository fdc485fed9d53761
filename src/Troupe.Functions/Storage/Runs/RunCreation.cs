using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Functions.Storage.Events;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Runs;

/// <summary>Makes runs: in one transaction of the run's partition, or not at all.</summary>
internal sealed class RunCreation(RunTable runs, TaskTable tasks, PendingTasks pending, LaunchKeys keys, RunWriter writer)
{
    /// <summary>
    /// Makes the run, unless its id is taken. An id that was made for it is free: only one that a caller gave is looked for before pointers are
    /// written, which would lead to another run. Null where the claim it was to be made under is fenced off.
    /// </summary>
    public async Task<CreateRunResult?> TryAsync(NewRun launch, string? key, LaunchClaim? claim, CancellationToken cancellationToken)
    {
        RecordRow<RunRecord>? existing = null;
        var deferred = false;
        var written = await writer.WriteAsync(
            launch.Run.Id,
            launch.Events,
            async attempt =>
            {
                existing = attempt == 1 && Guid.TryParseExact(launch.Run.Id, "N", out _) ? null : await runs.FindAsync(launch.Run.Id, cancellationToken);
                if (existing is not null) return null;
                if (attempt > 1 && claim is not null && await keys.IsMarkedAsync(claim, cancellationToken)) return null;
                (var write, deferred) = await PrepareAsync(launch, key, claim, cancellationToken);
                return write;
            },
            cancellationToken);
        if (deferred && written) await pending.CompleteAsync(launch.Run.Id, cancellationToken);
        if (written) return new(CreateRunOutcome.Created, launch.Run);
        return existing is null ? null : new(CreateRunOutcome.IdTaken, existing.Record);
    }

    private async Task<(RunWrite Write, bool Deferred)> PrepareAsync(
        NewRun launch, string? key, LaunchClaim? claim, CancellationToken cancellationToken)
    {
        var run = await runs.CreateAsync(launch.Run, cancellationToken);
        if (key is not null) run[RunTable.Key] = key;
        var rowsLeft = RecordTable.MaxTransaction - 3 - (2 * launch.Events.Count);
        var deferred = TaskBatches.Split(launch.Tasks, rowsLeft / TaskTable.RowsEach).Skip(1).Any();
        if (deferred) run[RunTable.Tasks] = await pending.DeferAsync(launch.Tasks, cancellationToken);
        var inserted = deferred ? [] : await tasks.InsertAsync(launch.Tasks, cancellationToken);
        List<TableTransactionAction> rows =
        [
            new(TableTransactionActionType.Add, run),
            .. claim is null ? [] : new[] { new TableTransactionAction(TableTransactionActionType.Add, LaunchKeys.Mark(claim)) },
            .. inserted,
        ];
        var durations = deferred ? [] : launch.Tasks.SelectMany(DurationPointers.Of);
        var write = new RunWrite(launch.Run.Id, rows, [], [.. RunPointers.Of(launch.Run), .. durations])
        {
            IsNew = true,
            Written = () =>
            {
                runs.Wrote(run);
                tasks.Wrote(inserted);
                if (!deferred) pending.HasAll(launch.Run.Id);
            },
        };
        return (write, deferred);
    }
}
