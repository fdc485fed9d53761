using System.Text.Json;
using Troupe.Core.Executors;
using Troupe.Core.Json;
using Troupe.Core.Records;

namespace Troupe.Core.Following;

/// <summary>
/// For stores that several processes share: a lease in the store, which its holder renews and which another takes over once it has run out.
/// A holder that is stopped for longer than the lease, and goes on, works beside its successor until it asks again: events come at least once.
/// </summary>
public sealed class SharedFollowerLease(ISettingStore settings, ExecutorIdentity self, TimeProvider time) : IFollowerLease, IDisposable
{
    /// <summary>How long events wait after the end of a process that could not say so: 30 s.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private const string Kind = "lease";
    private const string Id = "event-follower";

    private static readonly TimeSpan RenewAfter = Duration / 3;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long? _renewed;
    private bool _standsDown;

    /// <summary>0.25 s: less than anybody notices of a notification, and a short run is read in two or three pages.</summary>
    public TimeSpan Gathering { get; } = TimeSpan.FromMilliseconds(250);

    public async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_standsDown)
                return false;
            if (_renewed is { } renewed && time.GetElapsedTime(renewed) < RenewAfter)
                return true;
            var began = time.GetTimestamp();
            _renewed = null;
            if (!await TryTakeAsync(time.GetUtcNow(), cancellationToken))
                return false;
            _renewed = began;
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            (_standsDown, _renewed) = (true, null);
            if (await settings.GetAsync(Kind, Id, cancellationToken) is { } stored && Read(stored).Holder == self.Id)
                await settings.TryReplaceAsync(stored, Write(time.GetUtcNow()), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<bool> TryTakeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await settings.GetAsync(Kind, Id, cancellationToken) is not { } stored)
            return await settings.TryAddAsync(Kind, Id, Write(now + Duration), cancellationToken);
        var lease = Read(stored);
        return (lease.Holder == self.Id || lease.Until <= now) && await settings.TryReplaceAsync(stored, Write(now + Duration), cancellationToken);
    }

    private static Lease Read(Setting stored) => JsonSerializer.Deserialize<Lease>(stored.Json, TroupeJson.Options)!;

    private string Write(DateTimeOffset until) => JsonSerializer.Serialize(new Lease(self.Id, until), TroupeJson.Options);

    private sealed record Lease(string Holder, DateTimeOffset Until);
}
