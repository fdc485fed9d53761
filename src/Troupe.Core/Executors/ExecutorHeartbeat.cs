using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Troupe.Core.Json;
using Troupe.Core.Records;

namespace Troupe.Core.Executors;

/// <summary>
/// Writes down that this process lives and what it works on, for as long as it does: one that ends takes its note away, one that was killed leaves an old one.
/// </summary>
public sealed partial class ExecutorHeartbeat(ISettingStore settings, ExecutorWork self, TimeProvider time, ILogger<ExecutorHeartbeat> logger) : BackgroundService
{
    public const string Kind = "executor";

    /// <summary>How often: every 30 s.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Notes of others that are older than a day are taken away.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await settings.DeleteAsync(Kind, self.Id, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
                await BeatAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = time.GetUtcNow();
            await WriteAsync(JsonSerializer.Serialize(self.Now(), TroupeJson.Options), cancellationToken);
            foreach (var other in await settings.ListAsync(Kind, cancellationToken))
            {
                if (JsonSerializer.Deserialize<Executor>(other.Json, TroupeJson.Options) is { } note && now - note.SeenAt > Forgotten)
                    await settings.DeleteAsync(Kind, other.Id, cancellationToken);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, e);
        }
    }

    private async Task WriteAsync(string json, CancellationToken cancellationToken)
    {
        if (await settings.GetAsync(Kind, self.Id, cancellationToken) is { } note)
            await settings.TryReplaceAsync(note, json, cancellationToken);
        else
            await settings.TryAddAsync(Kind, self.Id, json, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "That this process lives could not be written down; that is tried again soon")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
