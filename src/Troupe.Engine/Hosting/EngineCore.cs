using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Troupe.Durable;
using Troupe.Engine.Activities;
using Troupe.Engine.Metrics;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;
using Troupe.Engine.Timers;
using Troupe.Sqlite;

namespace Troupe.Engine.Hosting;

/// <summary>The parts of a running engine, and how they are joined.</summary>
internal sealed class EngineCore : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggerFactory _loggers;
    private PendingWork? _pending;
    private long _begun;

    public EngineCore(
        DurableTaskRegistry registry,
        EngineOptions options,
        IHistoryStore store,
        IServiceProvider services,
        ILoggerFactory loggers,
        TimeProvider time,
        WorkScheduler scheduler,
        EngineMetrics metrics)
    {
        _loggers = loggers;
        Options = options;
        Store = store;
        Time = time;
        Scheduler = scheduler;
        Metrics = metrics;
        Recovery = new Recovery(AnnounceReady);
        Logger = loggers.CreateLogger("Troupe.Engine");
        Converter = new PayloadConverter(options.JsonSerializerOptions, options.MaxPayloadBytes);
        Catalog = new OrchestratorCatalog(registry, services);
        Steps = new StepBuilder(Catalog, options);
        Writes = new StoreWrites(this);
        Directory = new InstanceDirectory(options.MaxLiveInstances, instanceId => new InstanceLoop(instanceId, this), metrics, scheduler);
        Timers = new WakeTimer(
            time,
            (after, until) => store.ListWakesAsync(after, until, _stopping.Token),
            instanceId => Directory.Post(instanceId, Mail.Wake),
            Logger);
        Activities = new ActivityDispatcher(
            ActivitySlots.Of(options),
            new ActivityExecutor(registry, services, Converter, metrics, time, Logger),
            time,
            scheduler,
            Logger,
            (call, outcome) => Directory.Post(call.InstanceId, new Mail(outcome) { Only = (call.InstanceKey, call.Execution) }));
    }

    public EngineOptions Options { get; }

    public IHistoryStore Store { get; }

    public TimeProvider Time { get; }

    public WorkScheduler Scheduler { get; }

    public EngineMetrics Metrics { get; }

    public ILogger Logger { get; }

    public PayloadConverter Converter { get; }

    public OrchestratorCatalog Catalog { get; }

    public StepBuilder Steps { get; }

    public StoreWrites Writes { get; }

    public InstanceDirectory Directory { get; }

    public WakeTimer Timers { get; }

    public ActivityDispatcher Activities { get; }

    public CompletionWaiters Waiters { get; } = new();

    public Recovery Recovery { get; }

    /// <summary>The instances that are known to be blocked, in memory or not.</summary>
    public ConcurrentDictionary<string, byte> Blocked { get; } = new(StringComparer.Ordinal);

    public RunningLoops Loops { get; } = new();

    public DateTime Now => Time.GetUtcNow().UtcDateTime;

    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Sets going everything that a run before has left: what has work, and what is overdue.</summary>
    /// <param name="begun">The clock's timestamp at which the start began, for the log.</param>
    public async Task RecoverAsync(long begun, CancellationToken cancellation)
    {
        _begun = begun;
        _pending = await Store.CountPendingAsync(cancellation);
        var ready = await Store.ListReadyAsync(cancellation);
        await Timers.StartAsync();
        Recovery.Begin(ready.Count);
        foreach (var instanceId in ready) Directory.Post(instanceId, Mail.Recover);
    }

    /// <summary>Fresh code for an execution.</summary>
    /// <exception cref="OrchestrationBlockedException">It is not registered, or cannot be created.</exception>
    public OrchestrationMachine CreateMachine(InstanceRecord record)
    {
        var identity = new ExecutionIdentity(record.Name, record.Id, record.Version, record.Parent?.InstanceId, record.Execution);
        return new OrchestrationMachine(identity, Catalog.Create(record.Name, record.Version), Converter, _loggers)
        {
            OnIllegalAwait = () => Directory.Post(record.Id, Mail.Wake),
        };
    }

    /// <summary>Tells those who wait, once the end is committed.</summary>
    public void Ended(InstanceRecord record)
    {
        Waiters.Ended(record.Id, record);
        Logger.InstanceEnded(record.Id, record.Status);
    }

    /// <summary>Returns early when the engine stops.</summary>
    public async Task DelayAsync(TimeSpan delay) =>
        await Task.Delay(delay, Time, _stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    /// <summary>Cancels activities and waits for them a while, then for every commit under way; what had no time runs again after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await Timers.DisposeAsync();
        var activities = Activities.StopAsync();
        try
        {
            await activities.WaitAsync(Options.ShutdownTimeout, Time);
        }
        catch (TimeoutException)
        {
            Logger.ActivitiesDidNotStop(Options.ShutdownTimeout);
        }

        await _stopping.CancelAsync();
        await Loops.CloseAsync();
        Waiters.Stop();
        await Store.DisposeAsync();
    }

    private void AnnounceReady(RecoveryProgress recovery) => Logger.EngineReady(
        Time.GetElapsedTime(_begun).TotalSeconds,
        _pending!.Instances,
        recovery.Found,
        _pending.Activities,
        _pending.Timers,
        _pending.Messages,
        Options.DataFolder is null ? "in memory" : $"SQLite {SqliteDatabase.LibraryDescription}");
}
