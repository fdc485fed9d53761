using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Troupe.Durable;
using Troupe.Engine.Hosting;
using Troupe.Engine.InMemory;
using Troupe.Engine.Sqlite;
using Troupe.Engine.Storage;
using Troupe.Sqlite;

namespace Troupe.Engine;

/// <summary>
/// The embedded engine. Start it before the client is used; stopping cancels running activities, which run again after the next start.
/// </summary>
public sealed class DurableEngine : IHostedService, IAsyncDisposable
{
    private readonly DurableTaskRegistry _registry;
    private readonly EngineOptions _options;
    private readonly IServiceProvider _services;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly Func<CancellationToken, Task<IHistoryStore>> _openStore;
    private readonly WorkScheduler _scheduler;
    private EngineCore? _core;

    /// <param name="registry">Everything that this host can run.</param>
    /// <param name="options">Checked here.</param>
    /// <param name="services">Creates orchestrators and activities.</param>
    /// <param name="loggers">Takes the engine's logs, and those of orchestrators.</param>
    /// <param name="time">The clock of timers and time stamps.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public DurableEngine(
        DurableTaskRegistry registry, EngineOptions options, IServiceProvider services, ILoggerFactory loggers, TimeProvider time)
        : this(registry, options, services, loggers, time, null)
    {
    }

    internal DurableEngine(
        DurableTaskRegistry registry,
        EngineOptions options,
        IServiceProvider services,
        ILoggerFactory loggers,
        TimeProvider time,
        Func<CancellationToken, Task<IHistoryStore>>? openStore,
        WorkScheduler? scheduler = null)
    {
        options.Validate();
        _registry = registry;
        _options = options;
        _services = services;
        _loggers = loggers;
        _time = time;
        _openStore = openStore ?? OpenStoreAsync;
        _scheduler = scheduler ?? (static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false));
        Client = new OrchestrationClient(() => _core ?? throw new InvalidOperationException("The engine is not running. Start it first."));
    }

    /// <summary>Starts, observes and steers instances, once the engine has started.</summary>
    public IOrchestrationClient Client { get; }

    /// <summary>Whether the engine has started, and everything that a run before it left has been set going.</summary>
    public bool IsReady { get; private set; }

    public EngineStatistics Statistics => _core is { } core
        ? new EngineStatistics(core.Directory.Count, core.Activities.Running, core.Activities.Waiting)
        : new EngineStatistics(0, 0, 0);

    /// <summary>Opens the histories and goes on with everything unfinished.</summary>
    /// <exception cref="SqliteDatabaseInUseException">Another process works on the data folder.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var store = await _openStore(cancellationToken);
        _core = new EngineCore(_registry, _options, store, _services, _loggers, _time, _scheduler);
        try
        {
            var ready = await _core.RecoverAsync(cancellationToken);
            IsReady = true;
            Announce(_core, ready);
        }
        catch
        {
            await StopAsync(CancellationToken.None);
            throw;
        }
    }

    private void Announce(EngineCore core, int ready) =>
        core.Logger.EngineReady(ready, _options.DataFolder is null ? "in memory" : $"SQLite {SqliteDatabase.LibraryDescription}");

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        IsReady = false;
        if (_core is { } core) await core.DisposeAsync();
        _core = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private async Task<IHistoryStore> OpenStoreAsync(CancellationToken cancellation) => _options.DataFolder is { } folder
        ? await SqliteHistoryStore.OpenAsync(Path.Combine(folder, "history.db"), _loggers.CreateLogger("Troupe.Engine.Store"), cancellation)
        : new InMemoryHistoryStore();
}

/// <summary>What the engine has in hand.</summary>
/// <param name="LiveInstances">Instances in memory.</param>
/// <param name="RunningActivities">Activities that run.</param>
/// <param name="WaitingActivities">Activities in the queue.</param>
public sealed record EngineStatistics(int LiveInstances, int RunningActivities, int WaitingActivities);
