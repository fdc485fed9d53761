using Troupe.Durable;
using Troupe.Engine.Hosting;
using Troupe.Engine.Storage;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Hosting;

public sealed class CompletionWaitersTests
{
    private readonly CompletionWaiters _waiters = new();

    [Fact]
    public async Task Ended_Instance_AnswersThoseWhoWaitForItAndNobodyElse()
    {
        var (first, second, other) = (_waiters.Next("a"), _waiters.Next("a"), _waiters.Next("b"));
        var record = new InstanceRecord("a", "O", "");

        _waiters.Ended("a", record);

        Assert.Same(record, await first);
        Assert.Same(record, await second);
        Assert.False(other.IsCompleted);
        Assert.False(_waiters.Next("a").IsCompleted);
    }

    [Fact]
    public async Task Stop_FailsThoseWhoWaitAndThoseWhoComeLater()
    {
        var waiting = _waiters.Next("a");

        _waiters.Stop();
        _waiters.Ended("a", new InstanceRecord("a", "O", ""));

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _waiters.Next("b"));
    }

    [Fact]
    public async Task StopOfTheEngine_WhileACallerWaits_SaysSo()
    {
        var engine = await EngineFixture.StartAsync(
            new DurableTaskRegistry().Orchestrator<object?, int>("Wait", static (context, _) => context.WaitForExternalEvent<int>("go")), inMemory: true);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", null, new StartOrchestrationOptions("a"));
        var waiting = engine.Client.WaitForInstanceCompletionAsync("a");

        await engine.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(ContractEngine.Patience));
    }
}
