namespace Troupe.Core.Runs;

/// <summary>The keeper's rounds, one a minute and one at a time: over everything at first and every quarter of an hour, else over what a minute can leave behind.</summary>
public sealed class KeeperRounds(Keeper keeper)
{
    private const int BetweenFullPasses = 15;

    private int _rounds;

    /// <summary>The next round. One that fails is taken again by the call after it.</summary>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        await (_rounds % BetweenFullPasses == 0 ? keeper.FullPassAsync(cancellationToken) : keeper.PassAsync(cancellationToken));
        _rounds++;
    }
}
