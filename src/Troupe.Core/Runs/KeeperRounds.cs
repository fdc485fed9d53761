using Troupe.Core.Notifications;

namespace Troupe.Core.Runs;

/// <summary>The keeper's rounds, one a minute and one at a time: over everything at first and every quarter of an hour, when old notifications go, too; else over what a minute can leave behind.</summary>
public sealed class KeeperRounds(Keeper keeper, NotificationRetention notifications)
{
    private const int BetweenFullPasses = 15;

    private int _rounds;

    /// <summary>The next round. One that fails is taken again by the call after it.</summary>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        var isFull = _rounds % BetweenFullPasses == 0;
        await (isFull ? keeper.FullPassAsync(cancellationToken) : keeper.PassAsync(cancellationToken));
        if (isFull)
            await notifications.SweepAsync(cancellationToken);
        _rounds++;
    }
}
