using System.Threading.Channels;
using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>
/// Follows a run to its end: the event stream says when something changed, the records say what. However fast events come, the records
/// are read at most ten times a second.
/// </summary>
internal sealed class RunFollower(TroupeClient client, TimeProvider time)
{
    private static readonly TimeSpan ShortestGap = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public async Task<RunSnapshot> FollowAsync(string workflowId, IRunDisplay display, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var gates = new OpenGates(client.Address);
        var listening = ListenAsync(workflowId, gates, changes.Writer, done.Token);
        try
        {
            while (true)
            {
                var snapshot = await RunSnapshot.TakeAsync(client, workflowId, cancellationToken) with { Gates = gates.Current };
                display.Show(snapshot);
                if (snapshot.IsOver)
                    return snapshot;
                await Task.Delay(ShortestGap, time, cancellationToken);
                await NextChangeAsync(changes.Reader, () => display.Show(snapshot), cancellationToken);
            }
        }
        finally
        {
            await done.CancelAsync();
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(string workflowId, OpenGates gates, ChannelWriter<bool> changes, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await foreach (var told in client.EventsAsync(workflowId, cancellationToken: cancellationToken))
            {
                gates.Hear(told);
                changes.TryWrite(true);
            }
        }
        catch (Exception thrown) when (thrown is not OperationCanceledException)
        {
            failure = thrown;
        }
        finally
        {
            changes.TryComplete(failure);
        }
    }

    /// <summary>Waits for a change, letting the display tick; rethrows what ended the stream.</summary>
    private async Task NextChangeAsync(ChannelReader<bool> changes, Action tick, CancellationToken cancellationToken)
    {
        var change = changes.WaitToReadAsync(cancellationToken).AsTask();
        while (await Task.WhenAny(change, Task.Delay(Tick, time, cancellationToken)) != change)
        {
            cancellationToken.ThrowIfCancellationRequested();
            tick();
        }

        if (await change)
            changes.TryRead(out _);
    }
}
