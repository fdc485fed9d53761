using Troupe.Core.Access;
using Troupe.Core.Notifications;

namespace Troupe.Core.Runs;

/// <summary>The keeper's rounds, one a minute and one at a time: over everything at first and every quarter of an hour, when old notifications and sessions go, too; else over what a minute can leave behind.</summary>
/// <param name="keys">Null where the host has no keys, and so no sessions.</param>
public sealed class KeeperRounds(Keeper keeper, NotificationRetention notifications, KeyRing? keys = null)
{
    private const int BetweenFullPasses = 15;

    private int _rounds;

    /// <summary>The next round. One that fails is taken again by the call after it.</summary>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        var isFull = _rounds % BetweenFullPasses == 0;
        await (isFull ? keeper.FullPassAsync(cancellationToken) : keeper.PassAsync(cancellationToken));
        if (isFull)
        {
            await notifications.SweepAsync(cancellationToken);
            await (keys?.ClearSessionsAsync(cancellationToken) ?? Task.FromResult(0));
        }

        _rounds++;
    }
}
