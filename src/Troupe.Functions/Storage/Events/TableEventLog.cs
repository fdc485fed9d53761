using Troupe.Core.Records;
using Troupe.Core.Stores;
using Microsoft.Extensions.Options;

namespace Troupe.Functions.Storage.Events;

internal sealed class TableEventLog(
    RunWriter writer, EventRows rows, FeedReader feed, AppendSignals signals, IOptions<AzureStorageOptions> options, TimeProvider time) : IEventLog
{
    /// <summary>With a key each and the head they fit into one transaction.</summary>
    private const int MaxAtOnce = 45;

    public async Task AppendAsync(string runId, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        foreach (var part in events.Chunk(MaxAtOnce))
            await writer.WriteAsync(runId, part, static _ => Task.FromResult<RunWrite?>(RunWrite.None), cancellationToken);
    }

    public async Task<IReadOnlyList<RunEvent>> ReadAsync(string runId, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await rows.ReadAsync(runId, afterSequence, limit, cancellationToken);
    }

    public async Task<IReadOnlyList<RunEvent>> ReadAllAsync(long afterPosition, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await feed.ReadAsync(afterPosition, limit, cancellationToken);
    }

    public Task<long> GetLastPositionAsync(CancellationToken cancellationToken) => feed.GetLastAsync(cancellationToken);

    /// <summary>Events of this process give a signal; those of other instances are found by looking again after the poll interval.</summary>
    public Task WaitForAppendAsync(string? runId, CancellationToken cancellationToken)
    {
        var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return WaitAsync(signals.WaitAsync(runId, enough.Token), enough, cancellationToken);
    }

    private async Task WaitAsync(Task signal, CancellationTokenSource enough, CancellationToken cancellationToken)
    {
        using (enough)
        {
            await Task.WhenAny(signal, Task.Delay(options.Value.PollInterval, time, enough.Token));
            await enough.CancelAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
