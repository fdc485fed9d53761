using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Troupe.Core.Runs;

/// <summary>Runs the keeper at start-up and every minute, for hosts that have no timer trigger of their own.</summary>
public sealed partial class KeeperService(Keeper keeper, TimeProvider time, ILogger<KeeperService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        var starting = true;
        do
        {
            try
            {
                await keeper.PassAsync(starting, stoppingToken);
                starting = false;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The keeper's pass failed; it tries again in a minute")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
