using Troupe.Durable;
using Troupe.Testing.Contract;
using Troupe.Testing.Disk;

namespace Troupe.Engine.Tests.Recovery;

/// <summary>The disk is full for some seconds in the middle of the work of many instances.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Instances = 20;
    private const int Links = 5;

    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _refusedOften = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isFull;
    private int _refused;
    private int _ran;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Instances_WhileTheDiskIsFull_WaitAndGoOnWithoutRunningAnythingAgain()
    {
        using var disk = new FaultyDisk(_folder.Path, Judge);
        await using var engine = await EngineFixture.StartAsync(Registry(), _folder, time: new HurriedTime(20));
        for (var n = 0; n < Instances; n++)
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Chain", n, new StartOrchestrationOptions($"chain-{n}"));

        _isFull = true;
        _gate.SetResult();
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => engine.Client.ScheduleNewOrchestrationInstanceAsync("Chain", 0));
        Assert.StartsWith("history.db cannot be used. The disk is full: free some space", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal(refusal.Reason, await engine.Engine.CheckWritesAsync(default));
        await _refusedOften.Task.WaitAsync(ContractEngine.Patience);
        Assert.NotNull(await engine.Client.GetInstanceAsync("chain-0"));
        _isFull = false;

        for (var n = 0; n < Instances; n++)
            Assert.Equal($"{Links}", (await engine.EndAsync($"chain-{n}")).SerializedOutput);
        Assert.Equal(Instances * Links, _ran);
        Assert.Null(await engine.Engine.CheckWritesAsync(default));
    }

    [Fact]
    public async Task Activity_ThatCouldNotStore_RunsAgainAndHasNotFailed()
    {
        var registry = new DurableTaskRegistry()
            .Activity<int, int>("Store", _ => Interlocked.Increment(ref _ran) < 4 ? throw new StoreUnavailableException("The disk is full.") : _ran)
            .Orchestrator<int, int>("Once", static (context, input) => context.CallActivityAsync<int>("Store", input));
        await using var engine = await EngineFixture.StartAsync(registry, inMemory: true, time: new HurriedTime(20));

        var end = await engine.RunAsync("Once", 0);

        Assert.Equal((OrchestrationRuntimeStatus.Completed, "4"), (end.RuntimeStatus, end.SerializedOutput));
    }

    [Fact]
    public async Task Activity_ThatCannotStore_EndsWithItsInstance()
    {
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registry = new DurableTaskRegistry()
            .Activity<int, int>("Store", _ =>
            {
                if (Interlocked.Increment(ref _ran) == 2) tried.SetResult();
                throw new StoreUnavailableException("The disk is full.");
            })
            .Orchestrator<int, int>("Once", static (context, input) => context.CallActivityAsync<int>("Store", input));
        await using var engine = await EngineFixture.StartAsync(registry, inMemory: true, time: new HurriedTime(20));
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Once", 0);
        await tried.Task.WaitAsync(ContractEngine.Patience);

        await engine.Client.TerminateInstanceAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.EndAsync(id)).RuntimeStatus);
        while (engine.RunningActivities > 0) await Task.Yield();
    }

    private DurableTaskRegistry Registry() => new DurableTaskRegistry()
        .Activity<int, int>("Link", async (_, n) =>
        {
            await _gate.Task;
            Interlocked.Increment(ref _ran);
            return n + 1;
        })
        .Orchestrator<int, int>("Chain", static async (context, _) =>
        {
            var n = 0;
            while (n < Links) n = await context.CallActivityAsync<int>("Link", n);
            return n;
        });

    private DiskVerdict Judge(DiskAction action, string path, long end)
    {
        if (!_isFull) return DiskVerdict.Done;
        if (Interlocked.Increment(ref _refused) == 10 * Instances) _refusedOften.SetResult();
        return DiskVerdict.Full;
    }
}
