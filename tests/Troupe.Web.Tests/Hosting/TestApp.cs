using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Troupe.Core;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Durable;
using Troupe.Testing;
using Troupe.Testing.Stores.InMemory;
using Troupe.Web.Hosting;

namespace Troupe.Web.Tests.Hosting;

/// <summary>The real handlers behind the real middleware, over stores in memory and an engine that tests steer.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApp(
        Action<TroupeWebOptions>? configure,
        Action<IServiceCollection>? services,
        Action<IEndpointRouteBuilder>? map,
        IReadOnlyDictionary<string, string?>? settings)
    {
        Stores = new InMemoryStores(Time);
        Engine = new FakeOrchestrations(Time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer(server => server.PreserveExecutionContext = false);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders().AddProvider(Log);
        AddPorts(builder.Services);
        builder.Services.AddTroupeCore().AddTroupeKeys().AddTroupeWeb(configure);
        services?.Invoke(builder.Services);
        _app = builder.Build();
        _app.UseTroupe();
        _app.MapTroupe();
        map?.Invoke(_app);
    }

    public ManualTimeProvider Time { get; } = new();

    public InMemoryStores Stores { get; }

    public FakeOrchestrations Engine { get; }

    public FakeAgents Agents { get; } = new();

    public FakeWorkflows Workflows { get; } = new();

    public ListLogger Log { get; } = new();

    public HttpClient Http => field ??= _app.GetTestClient();

    public TestServer Server => _app.GetTestServer();

    public IServiceProvider Services => _app.Services;

    public IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    public static async Task<TestApp> StartAsync(
        Action<TroupeWebOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<IEndpointRouteBuilder>? map = null,
        IReadOnlyDictionary<string, string?>? settings = null)
    {
        var app = new TestApp(configure, services, map, settings);
        await app._app.StartAsync();
        return app;
    }

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public Task<Reply> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Reply> PostAsync(string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), headers);

    public Task<Reply> PatchAsync(string path, string json) =>
        SendAsync(HttpMethod.Patch, path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

    public Task<Reply> PutAsync(string path, string text, string mediaType) =>
        SendAsync(HttpMethod.Put, path, new StringContent(text, Encoding.UTF8, mediaType));

    public async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        using var response = await Http.SendAsync(request);
        return await Reply.ReadAsync(response);
    }

    private void AddPorts(IServiceCollection services) => services
        .AddSingleton<TimeProvider>(Time)
        .AddSingleton(Stores.Runs)
        .AddSingleton(Stores.Events)
        .AddSingleton(Stores.Gates)
        .AddSingleton(Stores.Documents)
        .AddSingleton(Stores.Deliveries)
        .AddSingleton(Stores.Settings)
        .AddSingleton(Stores.Cursors)
        .AddSingleton(Stores.Notifications)
        .AddSingleton(Stores.Keys)
        .AddSingleton(Stores.Secrets)
        .AddSingleton(Stores.Artifacts)
        .AddSingleton<IOrchestrationClient>(Engine)
        .AddSingleton<IAgentCatalog>(Agents)
        .AddSingleton<IWorkflowCatalog>(Workflows);
}
