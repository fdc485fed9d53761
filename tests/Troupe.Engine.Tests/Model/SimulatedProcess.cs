using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine.Storage;
using Troupe.Testing;

namespace Troupe.Engine.Tests.Model;

/// <summary>An engine whose every move is drawn from a seed. It can be stopped, or dropped in the middle of anything.</summary>
internal sealed class SimulatedProcess
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ProcessTime _time;
    private readonly IHistoryStore _durable;
    private readonly DurableEngine _engine;

    private SimulatedProcess(Pump pump, ProcessTime time, IHistoryStore durable, World world, int maxLiveInstances)
    {
        (Pump, _time, _durable) = (pump, time, durable);
        Store = new SimulatedStore(durable, pump);
        var options = new EngineOptions
        {
            DataFolder = null,
            MaxLiveInstances = maxLiveInstances,
            MaxPendingEvents = ReferenceModel.MaxPendingEvents,
            MaxPendingEventBytes = ReferenceModel.MaxPendingEventBytes,
            JsonSerializerOptions = Json,
        };
        _engine = new DurableEngine(
            world.Registry(), options, NoServices.Instance, NullLoggerFactory.Instance, time, _ => Task.FromResult<IHistoryStore>(Store), Schedule);
    }

    public Pump Pump { get; }

    public SimulatedStore Store { get; }

    public IOrchestrationClient Client => _engine.Client;

    public static async Task<SimulatedProcess> StartAsync(
        Pump pump, ManualTimeProvider time, IHistoryStore durable, World world, int maxLiveInstances)
    {
        var process = new SimulatedProcess(pump, new ProcessTime(time), durable, world, maxLiveInstances);
        await process.CallAsync(async () =>
        {
            await process._engine.StartAsync(CancellationToken.None);
            return true;
        });
        return process;
    }

    /// <summary>Makes a call and lets the process work until it has nothing left to do.</summary>
    public async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        var answer = Pump.Start(call);
        await Pump.RunUntilIdleAsync();
        return answer.IsCompleted ? await answer : throw new InvalidOperationException("A call was never answered, though nothing is left to do.");
    }

    public async Task StopAsync()
    {
        var stopped = Pump.Start(async () =>
        {
            await _engine.StopAsync(CancellationToken.None);
            return true;
        });
        await Pump.RunUntilAsync(stopped);
        await stopped;
        await _durable.DisposeAsync();
    }

    /// <summary>What is under way is never gone on with.</summary>
    public async Task KillAsync()
    {
        _time.Kill();
        await _durable.DisposeAsync();
    }

    private void Schedule(IThreadPoolWorkItem work) => Pump.Add(work.Execute);

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
