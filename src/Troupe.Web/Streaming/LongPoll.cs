using Microsoft.AspNetCore.Http;
using Troupe.Core.Records;
using Troupe.Web.Json;

namespace Troupe.Web.Streaming;

/// <summary>Holds a request until what it asks for has ended, woken by the run's events.</summary>
internal sealed class LongPoll(IEventLog log, TimeProvider time, ShutdownSignal shutdown)
{
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    /// <summary>Reads the parameter <c>wait</c>; zero where there is none.</summary>
    public static TimeSpan WaitOf(HttpContext context)
    {
        var query = new QueryFields(context.Request);
        var wait = query.Duration("wait", TimeSpan.Zero, MaxWait);
        query.Close();
        return wait;
    }

    /// <summary>Returns once something of a run has ended, which is asked at each of its events and so is to cost little, or the wait is over.</summary>
    public async Task WaitAsync(string runId, TimeSpan wait, Func<CancellationToken, Task<bool>> hasEnded, CancellationToken cancellationToken)
    {
        if (wait == TimeSpan.Zero)
            return;
        using var timeout = new CancellationTokenSource(wait, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, shutdown.Token, cancellationToken);
        while (!stop.IsCancellationRequested)
        {
            var signal = log.WaitForAppendAsync(runId, stop.Token);
            if (await hasEnded(cancellationToken))
                await stop.CancelAsync();
            await signal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
