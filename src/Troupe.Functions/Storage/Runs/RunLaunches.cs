using Troupe.Core.Records;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Runs;

/// <summary>Makes a run once for each idempotency key, whatever ends in the middle of it.</summary>
internal sealed class RunLaunches(RunCreation creation, RunTable runs, LaunchKeys keys, Conflicts conflicts, TimeProvider time)
{
    /// <summary>How often a claim without a run is looked at again before it is taken from its owner.</summary>
    private const int Patience = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly StripedLock _turns = new();

    public async Task<CreateRunResult> TryCreateAsync(NewRun launch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (launch.IdempotencyKey is not { } key)
            return await creation.TryAsync(launch, key: null, claim: null, cancellationToken) ?? throw new InvalidOperationException($"Run '{launch.Run.Id}' is fenced off without a key.");
        var name = LaunchKeys.Name(launch.Run.User, key);
        using (await _turns.EnterAsync(name, cancellationToken))
            return await conflicts.RetryAsync($"the idempotency key of run {launch.Run.Id}", attempt => TryWithKeyAsync(launch, name, attempt, cancellationToken), cancellationToken);
    }

    private async Task<CreateRunResult?> TryWithKeyAsync(NewRun launch, string name, int attempt, CancellationToken cancellationToken)
    {
        var earlier = attempt == 1 ? null : await keys.FindAsync(name, cancellationToken);
        if (earlier is not null && await MadeAsync(name, earlier, cancellationToken) is { } made)
            return new(earlier.BodyHash == launch.BodyHash ? CreateRunOutcome.Repeated : CreateRunOutcome.KeyConflict, made);
        if (await keys.TryClaimAsync(name, launch.Run.Id, launch.BodyHash, earlier, cancellationToken) is not { } claim) return null;
        var result = await creation.TryAsync(launch, name, claim, cancellationToken);
        if (result?.Outcome != CreateRunOutcome.IdTaken) return result;
        if ((await runs.PeekAsync(launch.Run.Id, RunTable.Key, cancellationToken))?.GetString(RunTable.Key) == name) return null;
        await keys.FreeAsync(name, claim, cancellationToken);
        return result;
    }

    /// <summary>The run made under a claim, or null where none was and none ever will be.</summary>
    private async Task<RunRecord?> MadeAsync(string name, LaunchClaim claim, CancellationToken cancellationToken)
    {
        for (var looked = 0; ; looked++)
        {
            // The mark is looked for first: it comes with the run, so that a mark without a run is a fence.
            var marked = await keys.IsMarkedAsync(claim, cancellationToken);
            var row = await runs.FindAsync(claim.RunId, cancellationToken);
            if (row is not null) return row.Entity.GetString(RunTable.Key) == name ? row.Record : null;
            if (marked) return null;
            if (looked == Patience) await keys.FenceAsync(claim, cancellationToken);
            else await Task.Delay(Pause * Random.Shared.NextDouble(), time, cancellationToken);
        }
    }
}
