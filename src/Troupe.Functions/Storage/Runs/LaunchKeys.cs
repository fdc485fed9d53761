using Azure.Data.Tables;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Runs;

/// <summary>
/// Idempotency keys. A launch claims its key before it makes its run, whose transaction holds a row of the claim, too. Who finds a claim
/// whose run does not come inserts that row instead, so that the run cannot be made under it any more, and claims the key anew.
/// </summary>
internal sealed class LaunchKeys(RecordTables tables)
{
    private const string Row = "claim";

    public static string Name(string user, string key) => EntityKey.Hash(user, key);

    public async Task<LaunchClaim?> FindAsync(string name, CancellationToken cancellationToken) =>
        await tables.Index.FindAsync(Partition(name), Row, cancellationToken) is { } entity ? new(entity) : null;

    /// <summary>Claims the key for a run; null where somebody else was faster.</summary>
    /// <param name="instead">The claim that this one replaces.</param>
    public async Task<LaunchClaim?> TryClaimAsync(
        string name, string runId, string? bodyHash, LaunchClaim? instead, CancellationToken cancellationToken)
    {
        var entity = new TableEntity(Partition(name), Row)
        {
            [nameof(LaunchClaim.RunId)] = runId,
            [nameof(LaunchClaim.BodyHash)] = bodyHash,
            [nameof(LaunchClaim.Token)] = Guid.NewGuid().ToString("N"),
        };
        if (instead is null) return await tables.Index.TryInsertAsync(entity, cancellationToken) ? new(entity) : null;
        entity.ETag = instead.Entity.ETag;
        return await tables.Index.TryReplaceAsync(entity, cancellationToken) ? new(entity) : null;
    }

    /// <summary>Frees a key whose run was not made.</summary>
    public async Task FreeAsync(string name, LaunchClaim claim, CancellationToken cancellationToken)
    {
        var stored = await FindAsync(name, cancellationToken);
        if (stored?.Token == claim.Token) await tables.Index.TryDeleteAsync(Partition(name), Row, stored.Entity.ETag, cancellationToken);
    }

    /// <summary>The row that a run's transaction inserts, and a fence before it.</summary>
    public static TableEntity Mark(LaunchClaim claim) => new(EntityKey.Of(claim.RunId), $"claim:{claim.Token}");

    public async Task<bool> IsMarkedAsync(LaunchClaim claim, CancellationToken cancellationToken)
    {
        var mark = Mark(claim);
        return await tables.Runs.FindAsync(mark.PartitionKey, mark.RowKey, cancellationToken) is not null;
    }

    /// <summary>After this the claim's run is there, or is never made under it.</summary>
    public Task FenceAsync(LaunchClaim claim, CancellationToken cancellationToken) => tables.Runs.TryInsertAsync(Mark(claim), cancellationToken);

    private static string Partition(string name) => $"launch-key:{name}";
}

internal sealed record LaunchClaim(TableEntity Entity)
{
    public string RunId => Entity.GetString(nameof(RunId));

    public string? BodyHash => Entity.GetString(nameof(BodyHash));

    public string Token => Entity.GetString(nameof(Token));
}
