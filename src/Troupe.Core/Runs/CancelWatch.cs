using Microsoft.Extensions.Logging;
using Troupe.Core.Hosting;
using Troupe.Core.Records;

namespace Troupe.Core.Runs;

/// <summary>
/// Cancels running agents when their run's row says so. One watch serves all of a run's agents in this process. It looks after each event of
/// the run; where other processes may cancel it too, each second, whatever is told meanwhile.
/// </summary>
public sealed partial class CancelWatch(IRunStore runs, IEventLog events, ILogger<CancelWatch> logger, PeerProcesses? peers = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Watch> _watches = new(StringComparer.Ordinal);

    /// <summary>A lease whose token is cancelled once the run is to stop. Dispose it when the work is over.</summary>
    public IWatchLease Lease(string runId)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue(runId, out var watch))
            {
                watch = new Watch();
                _watches.Add(runId, watch);
                watch.Loop = LoopAsync(runId, watch);
            }

            watch.Leases++;
            return new WatchLease(this, runId, watch);
        }
    }

    private async Task LoopAsync(string runId, Watch watch)
    {
        await Task.Yield();
        var stop = watch.Stop.Token;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var changed = peers?.WaitAsync(stop) ?? events.WaitForAppendAsync(runId, stop);
                var run = await runs.GetRunAsync(runId, stop);
                if (run is null || run.CancelRequested || run.Status.IsTerminal())
                {
                    await watch.Cancel.CancelAsync();
                    return;
                }

                await changed;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The last lease was given back.
        }
        catch (Exception e)
        {
            LogBroken(logger, runId, e);
            Break(runId, watch);
            await watch.Cancel.CancelAsync();
        }
    }

    /// <summary>Agents that begin from now on get a watch that works.</summary>
    private void Break(string runId, Watch watch)
    {
        lock (_gate)
        {
            watch.IsBroken = true;
            _watches.Remove(runId);
        }
    }

    private void Return(string runId, Watch watch)
    {
        lock (_gate)
        {
            if (--watch.Leases > 0)
                return;
            if (!watch.IsBroken)
                _watches.Remove(runId);
        }

        watch.Stop.Cancel();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The cancel watch of run {RunId} broke; its agents are cancelled and retried")]
    private static partial void LogBroken(ILogger logger, string runId, Exception exception);

    private sealed class Watch
    {
        public CancellationTokenSource Cancel { get; } = new();

        public CancellationTokenSource Stop { get; } = new();

        public Task Loop { get; set; } = Task.CompletedTask;

        public int Leases { get; set; }

        public volatile bool IsBroken;
    }

    private sealed class WatchLease(CancelWatch owner, string runId, Watch watch) : IWatchLease
    {
        private int _returned;

        public CancellationToken Token => watch.Cancel.Token;

        public bool IsBroken => watch.IsBroken;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _returned, 1) == 0)
                owner.Return(runId, watch);
        }
    }
}

/// <summary>A running agent's share in the watch over its run.</summary>
public interface IWatchLease : IDisposable
{
    /// <summary>Cancelled once the run is to stop, or once the watch breaks.</summary>
    CancellationToken Token { get; }

    /// <summary>The run's row could not be read: nobody asked the agent to stop, and it may be tried again.</summary>
    bool IsBroken { get; }
}
