using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Troupe.Durable;

namespace Troupe.Core.Following;

/// <summary>Follows the event log for as long as the host runs, and then leaves it to another process.</summary>
public sealed partial class EventFollowerService(EventFollower follower, TimeProvider time, ILogger<EventFollowerService> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await follower.StandDownAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotReleased(logger, SharedFollowerLease.Duration, e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await follower.FollowAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The end that was asked for.
            }
            catch (Exception e)
            {
                // The store has logged that already.
                if (e is not StoreUnavailableException)
                    LogFailed(logger, Pause, e);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event log could not be left to another process; one takes it over within {Duration}")]
    private static partial void LogNotReleased(ILogger logger, TimeSpan duration, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The event log could not be followed; that is tried again in {Pause}")]
    private static partial void LogFailed(ILogger logger, TimeSpan pause, Exception exception);
}
