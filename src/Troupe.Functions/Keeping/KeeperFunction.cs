using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Troupe.Core.Following;
using Troupe.Core.Runs;
using Troupe.Functions.Adapter;

namespace Troupe.Functions.Keeping;

/// <summary>
/// The keeper's rounds, every minute in one instance of the app at a time; the first one of a process looks at everything. The timer also
/// wakes an app that sleeps, so that what its event follower has not seen is led on.
/// </summary>
public sealed partial class KeeperFunction(KeeperRounds rounds, EventFollower follower, DurableClientSource clients, ILogger<KeeperFunction> logger)
{
    [Function("Keeper")]
    public async Task KeepAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        clients.Use(client);
        if (timer.IsPastDue)
            LogLate(logger);
        await follower.CatchUpAsync(cancellationToken);
        await rounds.NextAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The keeper comes late: no instance of the app was there at its time")]
    private static partial void LogLate(ILogger logger);
}
