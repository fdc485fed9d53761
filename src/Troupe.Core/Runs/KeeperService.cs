using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Troupe.Core.Runs;

/// <summary>Runs the keeper's rounds, for hosts that have no timer trigger of their own.</summary>
public sealed partial class KeeperService(KeeperRounds rounds, TimeProvider time, ILogger<KeeperService> logger) : BackgroundService
{
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
        do
        {
            try
            {
                await rounds.NextAsync(stoppingToken);
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
