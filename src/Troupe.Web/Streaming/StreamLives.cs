using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Troupe.Web.Access;
using Troupe.Web.Hosting;

namespace Troupe.Web.Streaming;

/// <summary>
/// Lets a stream go on for as long as its client listens and may, the server runs, and the configured time is not over. What opened it is
/// looked at again when keys change, when it expires, and with each heartbeat, as another process may change keys.
/// </summary>
internal sealed class StreamLives(IOptions<TroupeWebOptions> options, TimeProvider time, ShutdownSignal shutdown, KeyRing? ring = null)
{
    /// <summary>Writes until it ends by itself or is stopped. A client that still listens comes back and says what it saw last, or is refused.</summary>
    public async Task RunAsync(HttpContext context, Func<CancellationToken, Task> write)
    {
        using var lifetime = new CancellationTokenSource(options.Value.MaxStreamDuration ?? Timeout.InfiniteTimeSpan, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.Token, shutdown.Token, context.RequestAborted);
        var watching = WatchAsync(context.Identity(), stop);
        try
        {
            await write(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // The client resumes with Last-Event-ID, if it may.
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
        }
    }

    /// <summary>Stops the stream once the caller may listen no more, or nobody can tell.</summary>
    private async Task WatchAsync(Identity? caller, CancellationTokenSource stop)
    {
        if (caller?.AgainAsync is not { } lookAgain)
            return;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                using var next = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
                var changed = ring?.WaitForChangeAsync(next.Token) ?? Task.Delay(Timeout.InfiniteTimeSpan, time, next.Token);
                if (!caller.IsStill(await lookAgain(stop.Token)))
                    return;
                await Task.WhenAny(changed, Task.Delay(WaitOf(caller), time, next.Token));
                await next.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The stream has ended.
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private TimeSpan WaitOf(Identity caller)
    {
        var left = caller.Until is { } until ? until - time.GetUtcNow() : TimeSpan.MaxValue;
        return left < options.Value.Heartbeat ? TimeSpan.FromTicks(Math.Max(left.Ticks, TimeSpan.TicksPerMillisecond)) : options.Value.Heartbeat;
    }
}
