using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Core;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Following;
using Troupe.Core.Json;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Durable;
using Troupe.Engine;
using Troupe.Storage;

namespace Troupe.Integrations.Tests.Support;

/// <summary>Domain, engine and stores on one data folder, with the real sender.</summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly DurableEngine _engine;

    private EmbeddedHost(string folder, string secret, IReadOnlyDictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Troupe:Webhooks:Secret"] = secret,
            ["Troupe:Webhooks:RetryDelay"] = "00:00:00.001",
            ["Troupe:Outgoing:AllowNetworks:0"] = "127.0.0.1",
        }).AddInMemoryCollection(settings).Build();
        var agents = new EchoAgents();
        DurableEngine? engine = null;
        _services = new ServiceCollection()
            .AddLogging()
            .AddTroupeStorage(options => options.DataFolder = folder)
            .AddTroupeCore()
            .AddTroupeIntegrations(configuration)
            .AddSingleton<IAgentCatalog>(agents)
            .AddSingleton<IAgentRunner>(agents)
            .AddSingleton<IWorkflowCatalog>(agents)
            .AddSingleton(_ => engine!.Client)
            .BuildServiceProvider();
        var options = new EngineOptions { DataFolder = folder, JsonSerializerOptions = TroupeJson.Options };
        _engine = engine = new DurableEngine(new DurableTaskRegistry().AddTroupe(), options, _services, NullLoggerFactory.Instance, TimeProvider.System);
    }

    public IOrchestrationClient Client => _engine.Client;

    public IDeliveryStore Deliveries => Get<IDeliveryStore>();

    public static async Task<EmbeddedHost> StartAsync(string folder, string secret, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var host = new EmbeddedHost(folder, secret, settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));
        await host._engine.StartAsync(CancellationToken.None);
        return host;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Another one of a service.</summary>
    /// <param name="services">Used in place of the host's own.</param>
    public T Make<T>(params object[] services) => ActivatorUtilities.CreateInstance<T>(_services, services);

    /// <summary>Launches a task that echoes its prompt, and returns the delivery that tells of its end.</summary>
    public async Task<DeliveryRecord> RunAsync(string prompt, Uri callback)
    {
        var launched = await Get<RunLauncher>().LaunchAsync(
            new TaskLaunch { Agent = "echo", Prompt = prompt, Options = new RunOptions { CallbackUrl = callback } }, new Caller("ada"), null, CancellationToken.None);
        Assert.True(launched.Run is not null, string.Join("; ", launched.Problems));
        await Client.WaitForInstanceCompletionAsync(launched.Run.Id).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        await Get<EventFollower>().CatchUpAsync(CancellationToken.None);
        return Assert.Single((await Deliveries.ListAsync(new DeliveryQuery { RunId = launched.Run.Id }, CancellationToken.None)).Items);
    }

    /// <summary>Waits for the gate of the newest run.</summary>
    public async Task<GateRecord> GateAsync()
    {
        var log = Get<IEventLog>();
        var run = (await Get<IRunStore>().ListRunsAsync(new RunQuery(), CancellationToken.None)).Items[0].Id;
        while (true)
        {
            var appended = log.WaitForAppendAsync(run, CancellationToken.None);
            if ((await Get<IGateStore>().ListAsync(new GateQuery { RunId = run }, CancellationToken.None)).Items is [var gate])
                return gate;
            await appended.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        }
    }

    /// <summary>Waits for the end of a delivery's round.</summary>
    public async Task<DeliveryRecord> EndAsync(string deliveryId, int round = 1)
    {
        var instance = round == 1 ? $"dlv-{deliveryId}" : $"dlv-{deliveryId}.{round}";
        await Client.WaitForInstanceCompletionAsync(instance).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        return (await Deliveries.GetAsync(deliveryId, CancellationToken.None))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _services.DisposeAsync();
    }
}
