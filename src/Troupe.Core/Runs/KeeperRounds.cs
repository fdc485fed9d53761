using Troupe.Core.Access;
using Troupe.Core.Concurrency;

namespace Troupe.Core.Runs;

/// <summary>The keeper's rounds, one a minute and one at a time: over everything at first and every quarter of an hour, when what is too old goes, too; else over what a minute can leave behind.</summary>
/// <param name="keys">Null where the host has no keys, and so no sessions.</param>
public sealed class KeeperRounds(Keeper keeper, IConcurrencyGate gate, IEnumerable<IRetention> retentions, KeyRing? keys = null)
{
    private const int BetweenFullPasses = 15;

    private int _rounds;

    /// <summary>The next round. One that fails is taken again by the call after it.</summary>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        var isFull = _rounds % BetweenFullPasses == 0;
        await gate.KeepAsync(cancellationToken);
        await (isFull ? keeper.FullPassAsync(cancellationToken) : keeper.PassAsync(cancellationToken));
        if (isFull)
        {
            foreach (var retention in retentions)
                await retention.SweepAsync(cancellationToken);
            await (keys?.ClearSessionsAsync(cancellationToken) ?? Task.FromResult(0));
        }

        _rounds++;
    }
}
