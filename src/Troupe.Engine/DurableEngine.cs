using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Troupe.Durable;
using Troupe.Engine.Clients;
using Troupe.Engine.Hosting;
using Troupe.Engine.InMemory;
using Troupe.Engine.Metrics;
using Troupe.Engine.Sqlite;
using Troupe.Engine.Storage;
using Troupe.Sqlite;

namespace Troupe.Engine;

/// <summary>
/// The embedded engine. Start it before the client is used; stopping cancels running activities, which run again after the next start.
/// </summary>
public sealed class DurableEngine : IHostedService, IStoreHealth, IAsyncDisposable
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

    /// <summary>Whether the engine has started, and everything that a run before it left has been set going. New work is taken before that.</summary>
    public bool IsReady => _core is { Recovery.IsDone: true };

    /// <summary>How far that has come; nothing found where the engine has not started.</summary>
    public RecoveryProgress Recovery => _core?.Recovery.Progress ?? new RecoveryProgress(0, 0);

    /// <summary>The parts of the engine; null while it does not run.</summary>
    internal EngineCore? Core => _core;

    /// <summary>The instruments; null while the engine does not run.</summary>
    internal EngineMetrics? Metrics { get; private set; }

    /// <summary>Opens the histories and goes on with everything unfinished.</summary>
    /// <exception cref="SqliteDatabaseInUseException">Another process works on the data folder.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        Metrics = new EngineMetrics();
        try
        {
            var store = await _openStore(cancellationToken);
            _core = new EngineCore(_registry, _options, store, _services, _loggers, _time, _scheduler, Metrics);
            Metrics.Observe(_core);
            await _core.RecoverAsync(begun, cancellationToken);
        }
        catch
        {
            await StopAsync(CancellationToken.None);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<string?> CheckWritesAsync(CancellationToken cancellationToken) =>
        _core is { } core ? core.Store.CheckWritesAsync(cancellationToken) : Task.FromResult<string?>(null);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_core is { } core) await core.DisposeAsync();
        _core = null;
        Metrics?.Dispose();
        Metrics = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private async Task<IHistoryStore> OpenStoreAsync(CancellationToken cancellation) => _options.DataFolder is { } folder
        ? await SqliteHistoryStore.OpenAsync(Path.Combine(folder, "history.db"), _loggers.CreateLogger("Troupe.Engine.Store"), cancellation, Metrics!.Committed)
        : new InMemoryHistoryStore();
}
