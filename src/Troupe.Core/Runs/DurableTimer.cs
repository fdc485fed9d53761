using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>A durable timer that posts when it fires and that is cancelled for certain: an open one would hold its instance.</summary>
internal sealed class DurableTimer : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    private DurableTimer()
    {
    }

    public static DurableTimer Start(OrchestrationContext context, DateTime fireAt, Action fired)
    {
        var timer = new DurableTimer();
        _ = timer.RunAsync(context, fireAt, fired);
        return timer;
    }

    public void Dispose()
    {
        if (!_cancellation.IsCancellationRequested)
            _cancellation.Cancel();
    }

    private async Task RunAsync(OrchestrationContext context, DateTime fireAt, Action fired)
    {
        try
        {
            await context.CreateTimer(fireAt, _cancellation.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        fired();
    }
}
