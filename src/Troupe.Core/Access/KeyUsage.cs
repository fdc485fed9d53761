using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Troupe.Core.Access;

/// <summary>Writes down when keys were used, beside the requests and at most once a minute a key. What is lost by a crash is used again soon.</summary>
public sealed partial class KeyUsage(IKeyStore store, TimeProvider time, ILogger<KeyUsage> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Channel<(string Id, DateTimeOffset At)> _uses = Channel.CreateBounded<(string, DateTimeOffset)>(
        new BoundedChannelOptions(KeyRing.MaxKeys) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly ConcurrentDictionary<string, DateTimeOffset> _noted = new(StringComparer.Ordinal);

    /// <summary>Takes note and returns at once.</summary>
    public void Note(ApiKey key)
    {
        var now = time.GetUtcNow();
        if (now - key.LastUsedAt < Interval || (_noted.TryGetValue(key.Id, out var noted) && now - noted < Interval))
            return;
        if (_noted.Count >= 10 * KeyRing.MaxKeys)
            _noted.Clear();
        _noted[key.Id] = now;
        _uses.Writer.TryWrite((key.Id, now));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (id, at) in _uses.Reader.ReadAllAsync(stoppingToken))
                await WriteAsync(id, at, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops, or another service kept it from starting.
        }
    }

    private async Task WriteAsync(string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        try
        {
            await store.TouchAsync(id, at, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogLost(logger, failure, id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The last use of the key {Id} could not be stored")]
    private static partial void LogLost(ILogger logger, Exception failure, string id);
}
