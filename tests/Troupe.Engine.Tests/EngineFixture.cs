using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine.Storage;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests;

/// <summary>An engine on either store; it can be stopped and started again over the same histories.</summary>
internal sealed class EngineFixture : ContractEngine
{
    private readonly TemporaryFolder? _folder;
    private readonly bool _ownsFolder;
    private DurableEngine _engine = null!;

    private EngineFixture(TemporaryFolder? folder, bool ownsFolder)
    {
        _folder = folder;
        _ownsFolder = ownsFolder;
    }

    public override IOrchestrationClient Client => _engine.Client;

    public DurableEngine Engine => _engine;

    public int LiveInstances => _engine.Core!.Directory.Count;

    public int RunningActivities => _engine.Core!.Activities.Running;

    public int WaitingActivities => _engine.Core!.Activities.Waiting;

    public static async Task<EngineFixture> StartAsync(
        DurableTaskRegistry registry,
        TemporaryFolder? folder = null,
        bool inMemory = false,
        Action<EngineOptions>? configure = null,
        TimeProvider? time = null,
        Func<CancellationToken, Task<IHistoryStore>>? openStore = null,
        ILoggerFactory? loggers = null,
        WorkScheduler? scheduler = null)
    {
        var ownsFolder = folder is null && !inMemory && openStore is null;
        var fixture = new EngineFixture(ownsFolder ? new TemporaryFolder() : folder, ownsFolder);
        var options = new EngineOptions { DataFolder = fixture._folder?.Path };
        configure?.Invoke(options);
        fixture._engine = new DurableEngine(
            registry, options, EmptyServices.Instance, loggers ?? NullLoggerFactory.Instance, time ?? TimeProvider.System, openStore, scheduler);
        await fixture._engine.StartAsync(CancellationToken.None);
        return fixture;
    }

    public override async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        if (_ownsFolder) _folder!.Dispose();
    }

    private sealed class EmptyServices : IServiceProvider
    {
        public static readonly EmptyServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
