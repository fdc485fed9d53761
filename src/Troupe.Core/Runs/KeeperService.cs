using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Troupe.Core.Runs;

/// <summary>Runs the keeper every minute, and at start-up and every quarter of an hour over everything, for hosts that have no timer trigger of their own.</summary>
public sealed partial class KeeperService(Keeper keeper, TimeProvider time, ILogger<KeeperService> logger) : BackgroundService
{
    private const int MinutesBetweenFullPasses = 15;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await KeepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end that was asked for, also by a host that never came to start: no failure to report.
        }
    }

    private async Task KeepAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        var minutes = 0;
        do
        {
            try
            {
                await (minutes % MinutesBetweenFullPasses == 0 ? keeper.FullPassAsync(stoppingToken) : keeper.PassAsync(stoppingToken));
                minutes++;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The keeper's pass failed; it tries again in a minute")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
