using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Following;
using Troupe.Core.Json;
using Troupe.Core.Launching;
using Troupe.Core.Notifications.Channels;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Durable;
using Troupe.Engine;
using Troupe.Engine.InMemory;
using Troupe.Engine.Storage;
using Troupe.Storage;
using Troupe.Testing;
using Troupe.Testing.Stores.InMemory;

namespace Troupe.Core.Tests.Support;

/// <summary>The whole domain on the embedded engine in memory, with scripted agents and a clock that the test moves.</summary>
internal sealed class RunHarness : IAsyncDisposable
{
    public static readonly Caller Ann = new("ann");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services;
    private readonly DurableEngine _engine;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _following;

    private RunHarness(ServiceProvider services, DurableEngine engine, ScriptedAgents agents, ManualTimeProvider time)
    {
        _services = services;
        _engine = engine;
        Agents = agents;
        Time = time;
        _following = Get<EventFollower>().FollowAsync(_end.Token);
    }

    public ScriptedAgents Agents { get; }

    public ManualTimeProvider Time { get; }

    public ScriptedReceiver Receiver => (ScriptedReceiver)Get<IWebhookSender>();

    public ScriptedChannel Channel => (ScriptedChannel)Get<INotificationChannel>();

    public IDeliveryStore Deliveries => Get<IDeliveryStore>();

    public IRunStore Runs => Get<IRunStore>();

    public IOrchestrationClient Client => Get<IOrchestrationClient>();

    /// <param name="store">Keeps the histories; one of its own where null.</param>
    /// <param name="replace">Puts other stores in the place of those in memory.</param>
    public static Task<RunHarness> StartAsync(
        Action<ScriptedAgents>? script = null, Action<EngineOptions>? configure = null, IHistoryStore? store = null, Action<IServiceCollection>? replace = null)
    {
        var time = new ManualTimeProvider();
        return StartAsync(time, script, configure, services => AddInMemoryStores(services, time, replace), _ => Task.FromResult(store ?? new InMemoryHistoryStore()));
    }

    /// <summary>Begins, or goes on, in a data folder as the embedded host does.</summary>
    public static Task<RunHarness> OpenAsync(string dataFolder, ManualTimeProvider time, Action<ScriptedAgents>? script = null) => StartAsync(
        time, script, engine => engine.DataFolder = dataFolder, services => services.AddTroupeStorage(storage => storage.DataFolder = dataFolder), null);

    private static async Task<RunHarness> StartAsync(
        ManualTimeProvider time,
        Action<ScriptedAgents>? script,
        Action<EngineOptions>? configure,
        Action<IServiceCollection> addStores,
        Func<CancellationToken, Task<IHistoryStore>>? openStore)
    {
        var agents = new ScriptedAgents();
        script?.Invoke(agents);
        DurableEngine? engine = null;
        var collection = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddTroupeCore()
            .AddSingleton<IAgentCatalog>(agents)
            .AddSingleton<IAgentRunner>(agents)
            .AddSingleton<IWorkflowCatalog, NoWorkflows>()
            .AddSingleton<IWebhookSender, ScriptedReceiver>()
            .AddSingleton<INotificationChannel, ScriptedChannel>()
            .AddSingleton(_ => engine!.Client);
        addStores(collection);
        var services = collection.BuildServiceProvider();
        var options = new EngineOptions { DataFolder = null, JsonSerializerOptions = TroupeJson.Options };
        configure?.Invoke(options);
        engine = new DurableEngine(new DurableTaskRegistry().AddTroupe(), options, services, NullLoggerFactory.Instance, time, openStore);
        await engine.StartAsync(CancellationToken.None);
        return new RunHarness(services, engine, agents, time);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<RunRecord> LaunchAsync(Launch launch)
    {
        var result = await Get<RunLauncher>().LaunchAsync(launch, Ann, null, CancellationToken.None);
        Assert.True(result.Run is not null, string.Join("; ", result.Problems));
        return result.Run;
    }

    public Task<RunRecord> LaunchAsync(object definition, object? inputs = null, RunOptions? options = null) => LaunchAsync(new WorkflowLaunch
    {
        Definition = JsonSerializer.SerializeToElement(definition),
        Inputs = inputs is null ? null : JsonSerializer.SerializeToElement(inputs),
        Options = options ?? new RunOptions(),
    });

    /// <summary>Waits, by the store's signals, until the run is as asked for.</summary>
    public Task<RunRecord> UntilAsync(string runId, Func<RunRecord, bool> condition) =>
        UntilAsync(runId, () => Runs.GetRunAsync(runId, CancellationToken.None), condition);

    public Task<RunRecord> EndAsync(string runId) => UntilAsync(runId, static run => run.Status.IsTerminal());

    public Task<TaskRecord> UntilTaskAsync(string runId, string key, Func<TaskRecord, bool> condition) =>
        UntilAsync(runId, () => Runs.GetTaskAsync(RunIds.Child(runId, key), CancellationToken.None), condition);

    public async Task<List<TaskRecord>> TasksAsync(string runId) => await Runs.AllTasksAsync(runId, CancellationToken.None).ToListAsync();

    public async Task<string> ResultAsync(string runId, string key)
    {
        var task = await Runs.GetTaskAsync(RunIds.Child(runId, key), CancellationToken.None);
        return await Get<IArtifactStore>().ReadTextAsync(task!.Result!, CancellationToken.None);
    }

    public async Task<List<string>> EventTypesAsync(string runId) =>
        [.. (await Get<IEventLog>().ReadAsync(runId, 0, 10_000, CancellationToken.None)).Select(static told => told.Type)];

    /// <summary>Waits until the orchestration has set so many timers.</summary>
    public async Task TimerAsync(string instanceId, int count = 1)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await Client.GetHistoryAsync(instanceId, patience.Token)).Count(static told => told.EventType == "TimerCreated") < count)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Waits until agents have been asked that often.</summary>
    public async Task CallsAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Agents.Calls.Count < count)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Waits until the receiver of webhooks has got so many.</summary>
    public async Task UntilSentAsync(int messages)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Receiver.Messages.Count < messages)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>An activity, to be executed as after a crash.</summary>
    /// <param name="services">Used in place of the harness's own.</param>
    public T Activity<T>(params object[] services) => ActivatorUtilities.CreateInstance<T>(_services, services);

    /// <summary>Waits until everything that was told so far has been acted on.</summary>
    public Task FollowedAsync() => Get<EventFollower>().CatchUpAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        await _engine.DisposeAsync();
        await _services.DisposeAsync();
    }

    private static void AddInMemoryStores(IServiceCollection services, TimeProvider time, Action<IServiceCollection>? replace)
    {
        var stores = new InMemoryStores(time);
        services
            .AddSingleton(stores.Runs)
            .AddSingleton(stores.Events)
            .AddSingleton(stores.Cursors)
            .AddSingleton(stores.Settings)
            .AddSingleton(stores.Notifications)
            .AddSingleton(stores.Gates)
            .AddSingleton(stores.Documents)
            .AddSingleton(stores.Deliveries)
            .AddSingleton(stores.Artifacts);
        replace?.Invoke(services);
    }

    private async Task<T> UntilAsync<T>(string runId, Func<Task<T?>> read, Func<T, bool> condition)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var changed = Get<IEventLog>().WaitForAppendAsync(runId, patience.Token);
            var found = await read();
            if (found is not null && condition(found))
                return found;
            try
            {
                await changed;
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Still not as expected: {found}");
            }
        }
    }

    private sealed class NoWorkflows : IWorkflowCatalog
    {
        public IReadOnlyList<Problem> Problems => [];

        public Task<WorkflowSource?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult<WorkflowSource?>(null);

        public Task<IReadOnlyList<WorkflowSource>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<WorkflowSource>>([]);
    }
}
