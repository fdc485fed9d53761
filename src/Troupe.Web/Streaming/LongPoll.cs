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

    /// <summary>Loads a value of a run until it has ended or the wait is over, and returns the last one loaded.</summary>
    public async Task<T?> WaitAsync<T>(
        string runId, TimeSpan wait, Func<CancellationToken, Task<T?>> load, Func<T, bool> hasEnded, CancellationToken cancellationToken)
        where T : class
    {
        if (wait == TimeSpan.Zero)
            return await load(cancellationToken);
        using var timeout = new CancellationTokenSource(wait, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, shutdown.Token, cancellationToken);
        while (true)
        {
            var signal = log.WaitForAppendAsync(runId, stop.Token);
            var value = await load(cancellationToken);
            if (value is null || hasEnded(value))
            {
                await stop.CancelAsync();
                await signal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return value;
            }

            await signal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (stop.IsCancellationRequested)
                return await load(cancellationToken);
        }
    }
}
