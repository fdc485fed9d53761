using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Grpc.Core;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Testing;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Core.Json;
using Troupe.Durable;
using Troupe.Functions.Adapter;
using Troupe.Testing.Contract;
using DurableTaskRegistry = Troupe.Durable.DurableTaskRegistry;

namespace Troupe.Functions.Tests.Contract;

/// <summary>The adapter over Microsoft's worker and client, which talk to an orchestration service in this process.</summary>
internal sealed class PlatformFixture : ContractEngine
{
    private readonly DurableTaskTestHost _host;

    private PlatformFixture(DurableTaskTestHost host, DurableTaskRegistry registry)
    {
        _host = host;
        var clients = new DurableClientSource();
        clients.Use(host.Client);
        Client = new PlatformClient(clients, registry, new InstanceTree(TimeProvider.System, NullLogger<InstanceTree>.Instance), TimeProvider.System);
    }

    public override IOrchestrationClient Client { get; }

    public static async Task<PlatformFixture> StartAsync(DurableTaskRegistry registry)
    {
        var services = new ServiceCollection().BuildServiceProvider();
        var orchestrators = new OrchestratorRunner(registry, services);
        var options = new DurableTaskTestHostOptions
        {
            Port = FreePort(),
            LoggerFactory = NullLoggerFactory.Instance,
            ConfigureServices = static added =>
            {
                var converter = new JsonDataConverter(TroupeJson.Options);
                added.ConfigureAll<DurableTaskWorkerOptions>(worker => worker.DataConverter = converter);
                added.ConfigureAll<DurableTaskClientOptions>(client => client.DataConverter = converter);
            },
        };
        return new PlatformFixture(await DurableTaskTestHost.StartAsync(Add, options), registry);

        void Add(Microsoft.DurableTask.DurableTaskRegistry tasks)
        {
            foreach (var name in registry.Orchestrators.Keys.Select(static key => key.Name).Distinct(StringComparer.OrdinalIgnoreCase))
                tasks.AddOrchestratorFunc<JsonElement?, object?>(name, (context, _) => orchestrators.RunAsync(context));
            foreach (var (name, factory) in registry.Activities)
            {
                var activity = factory(services);
                tasks.AddActivityFunc<JsonElement?, object?>(name, (context, input) => activity.RunAsync(
                    new ActivityContext(name, context.InstanceId, CancellationToken.None), input?.Deserialize(activity.InputType, TroupeJson.Options)));
            }
        }
    }

    /// <summary>Looked at just while it writes an instance, the host in this process fails (<see cref="StatusCode.Unknown"/>); the next look does not.</summary>
    public override async Task<Durable.OrchestrationMetadata> EndAsync(string instanceId)
    {
        try
        {
            return await base.EndAsync(instanceId);
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unknown)
        {
            return await base.EndAsync(instanceId);
        }
    }

    /// <summary>The host's own choice is any port, taken or not.</summary>
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public override ValueTask DisposeAsync() => _host.DisposeAsync();
}
