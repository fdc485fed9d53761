using Microsoft.Extensions.Logging;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Following;

/// <summary>
/// Leads every event of the log to those who act on it. How far it has come is stored, so that after a crash it goes on there: a consumer
/// gets each event at least once. Of several processes the one that holds the lease follows; the others stand by.
/// </summary>
public sealed partial class EventFollower(
    IEventLog log,
    ICursorStore cursors,
    ISettingStore settings,
    IFollowerLease lease,
    IEnumerable<IEventConsumer> consumers,
    ToldRuns runs,
    TimeProvider time,
    ILogger<EventFollower> logger) : IDisposable
{
    /// <summary>How often an event is offered to a consumer that throws: 5 times, 1, 2, 4 and 8 s apart. Then it is set aside.</summary>
    public const int MaxTries = 5;

    /// <summary>How often a process that stands by asks for the lease: every 5 s.</summary>
    public static readonly TimeSpan Standby = TimeSpan.FromSeconds(5);

    private const string Reader = "consumers";
    private const int PageSize = 256;
    private const int AtOnce = 16;

    private readonly SettingsOf<EventSetAside> _aside = new(settings, "event-set-aside");
    private readonly IReadOnlyList<IEventConsumer> _consumers = [.. consumers];
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>How far this process has come while it holds the lease; null where that is to be read.</summary>
    private long? _position;

    /// <summary>Follows the log until cancelled, whenever this process holds the lease.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!await lease.TryHoldAsync(cancellationToken))
            {
                await Task.Delay(Standby, time, cancellationToken);
                continue;
            }

            var appended = log.WaitForAppendAsync(null, cancellationToken);
            await CatchUpAsync(cancellationToken);
            await appended;
            if (lease.Gathering > TimeSpan.Zero)
                await Task.Delay(lease.Gathering, time, cancellationToken);
        }
    }

    /// <summary>Leads on what was appended since it was called last, by this process or the one before. Does nothing where another holds the lease.</summary>
    /// <returns>How many events there were.</returns>
    public async Task<int> CatchUpAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await ReadOnAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Offers what was set aside once more. The keeper does so every minute.</summary>
    public async Task RetryAsync(CancellationToken cancellationToken)
    {
        foreach (var aside in await _aside.ListAsync(cancellationToken))
        {
            if (await TakesAsync(aside, cancellationToken))
                await _aside.DeleteAsync(aside.Id, cancellationToken);
        }
    }

    /// <summary>Lets another process follow.</summary>
    public Task StandDownAsync(CancellationToken cancellationToken) => lease.ReleaseAsync(cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task<bool> TakesAsync(EventSetAside aside, CancellationToken cancellationToken)
    {
        if (await log.ReadAsync(aside.RunId, aside.Sequence - 1, 1, cancellationToken) is not [var told])
            return true;
        try
        {
            if (_consumers.FirstOrDefault(consumer => consumer.GetType().Name == aside.Consumer) is { } consumer)
                await consumer.TakeAsync(told, cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogAside(logger, told.Type, told.RunId, told.Sequence, aside.Consumer, e);
            return false;
        }
    }

    private async Task<int> ReadOnAsync(CancellationToken cancellationToken)
    {
        var read = 0;
        while (await HoldsAsync(cancellationToken))
        {
            var after = _position ??= await cursors.GetAsync(Reader, cancellationToken);
            var page = await log.ReadAllAsync(after, PageSize, cancellationToken);
            if (page.Count == 0)
                break;
            runs.Turn();
            await Parallel.ForEachAsync(
                page, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, OfferAsync);
            await cursors.AdvanceAsync(Reader, page[^1].Position, cancellationToken);
            _position = page[^1].Position;
            read += page.Count;

            // What has come since gives the signal that is awaited next.
            if (page.Count < PageSize)
                break;
        }

        return read;
    }

    private async Task<bool> HoldsAsync(CancellationToken cancellationToken)
    {
        var holds = await lease.TryHoldAsync(cancellationToken);
        if (!holds)
            _position = null;
        return holds;
    }

    private async ValueTask OfferAsync(RunEvent told, CancellationToken cancellationToken)
    {
        foreach (var consumer in _consumers)
        {
            if (consumer.Wants(told.Type))
                await OfferAsync(consumer, told, cancellationToken);
        }
    }

    private async Task OfferAsync(IEventConsumer consumer, RunEvent told, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await consumer.TakeAsync(told, cancellationToken);
                return;
            }
            // Where the disk is full nothing is left out: the service follows again from where it was.
            catch (Exception e) when (e is not StoreUnavailableException && !cancellationToken.IsCancellationRequested)
            {
                if (attempt == MaxTries)
                {
                    // Where the store itself fails, so does this, and the event stays where it is.
                    var aside = new EventSetAside(told.RunId, told.Sequence, consumer.GetType().Name);
                    await _aside.TryAddAsync(aside.Id, aside, cancellationToken);
                    LogAside(logger, told.Type, told.RunId, told.Sequence, aside.Consumer, e);
                    return;
                }

                LogFailed(logger, told.Type, told.RunId, told.Sequence, consumer.GetType().Name, e);
                await lease.TryHoldAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromSeconds(1 << (attempt - 1)), time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {Type} ({RunId}, {Sequence}) could not be led to {Consumer}; that is tried again soon")]
    private static partial void LogFailed(ILogger logger, string type, string runId, long sequence, string consumer, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {Type} ({RunId}, {Sequence}) is set aside: {Consumer} could not take it; it is offered again every minute")]
    private static partial void LogAside(ILogger logger, string type, string runId, long sequence, string consumer, Exception exception);
}

/// <summary>An event that a consumer could not take.</summary>
internal sealed record EventSetAside(string RunId, long Sequence, string Consumer)
{
    public string Id => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{RunId}.{Sequence}.{Consumer}");
}
