using Microsoft.Extensions.Options;
using Troupe.Core.Concurrency;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;
using Troupe.Testing.Histories;

namespace Troupe.Core.Tests.Concurrency;

/// <summary>Agents of all runs behind one gate.</summary>
public sealed class ConcurrencyGateTests : IDisposable
{
    private static readonly string Gate = DurableConcurrencyGate.InstanceOf(ConcurrencyKeys.AgentTurns);

    private readonly SemaphoreSlim _hold = new(0);

    [Fact]
    public async Task Agents_LimitOfTwo_NeverMoreWorkAtOnceOverAllRuns()
    {
        await using var harness = await LimitedHarness.StartAsync(static limits => limits.Agents = 2, Slow);
        var runs = new List<string>();
        for (var run = 0; run < 5; run++) runs.Add((await harness.LaunchAsync(Batch(4))).Id);
        await harness.CallsAsync(2);
        _hold.Release(20);

        foreach (var run in runs) Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run)).Status);
        Assert.Equal(2, harness.Agents.MostRunning);
        Assert.Equal(new PermitCount(2, 0, 0), await harness.UntilGateAsync(Gate, static count => count.Held == 0));
    }

    [Fact]
    public async Task Agents_OnePlace_ThoseThatWaitComeByPriority()
    {
        await using var harness = await LimitedHarness.StartAsync(static limits => limits.Agents = 1, Slow);
        await LaunchAsync(harness, "first", Priority.Normal);
        await harness.CallsAsync(1);
        foreach (var (id, priority, waiting) in new[] { ("low", Priority.Low, 1), ("normal", Priority.Normal, 2), ("high", Priority.High, 3) })
        {
            await LaunchAsync(harness, id, priority);
            await harness.UntilGateAsync(Gate, count => count.Waiting == waiting);
        }

        _hold.Release(4);

        foreach (var id in new[] { "low", "normal", "high" }) await harness.EndAsync(id);
        Assert.Equal(["first", "high", "normal", "low"], harness.Agents.Calls.Select(static call => call.Messages[^1].Text));
    }

    [Fact]
    public async Task Task_LongWaitForAPlace_IsToldOnItsRow()
    {
        await using var harness = await LimitedHarness.StartAsync(static limits => limits.Agents = 1, Slow);
        await LaunchAsync(harness, "first", Priority.Normal);
        await harness.CallsAsync(1);
        await LaunchAsync(harness, "second", Priority.Normal);
        await harness.TimerAsync("second:task");

        harness.Time.Advance(TimeSpan.FromSeconds(2));

        var waits = await harness.UntilTaskAsync("second", "task", static task => task.Status == WorkStatus.Waiting);
        Assert.Equal("waiting for others: as many agents work as may at once", waits.CurrentStep);
        _hold.Release();
        Assert.Equal("asking x", (await harness.UntilTaskAsync("second", "task", static task => task.Status == WorkStatus.Running)).CurrentStep);
        _hold.Release();
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync("second")).Status);
    }

    [Fact]
    public async Task Cancel_WhileItWaits_LeavesTheLineWithoutWork()
    {
        await using var harness = await SecondWaitsForFirstAsync();

        await harness.Get<RunControl>().CancelAsync("second", null, RunHarness.Ann, CancellationToken.None);

        Assert.Equal(WorkStatus.Cancelled, (await harness.EndAsync("second")).Status);
        await harness.UntilGateAsync(Gate, static count => count is { Held: 1, Waiting: 0 });
        Assert.Single(harness.Agents.Calls);
    }

    [Fact]
    public async Task Holder_WasTerminated_IsFoundAndItsPlaceHandedOn()
    {
        await using var harness = await SecondWaitsForFirstAsync();
        await harness.Client.TerminateInstanceAsync("first");
        await harness.Client.EndAsync("first:task");
        await harness.TimerAsync(Gate);

        harness.Time.Advance(PermitBook.Lease);
        _hold.Release(2);

        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync("second")).Status);
    }

    [Fact]
    public async Task Holder_WorksLongerThanALease_KeepsItsPlace()
    {
        await using var harness = await SecondWaitsForFirstAsync();

        for (var check = 1; check <= 3; check++)
        {
            await harness.TimerAsync(Gate, check);
            harness.Time.Advance(PermitBook.Lease);
        }

        await harness.TimerAsync(Gate, 4);
        Assert.Single(harness.Agents.Calls);
        _hold.Release(2);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync("second")).Status);
    }

    [Fact]
    public async Task Gate_WasTerminated_IsStartedByTheKeeperAndAskedAgain()
    {
        await using var harness = await SecondWaitsForFirstAsync();
        await harness.Client.TerminateInstanceAsync(Gate);
        await harness.Client.EndAsync(Gate);
        _hold.Release(2);
        await harness.EndAsync("first");

        await harness.Get<KeeperRounds>().NextAsync(CancellationToken.None);
        harness.Time.Advance(TimeSpan.FromSeconds(2));
        await harness.UntilTaskAsync("second", "task", static task => task.Status == WorkStatus.Waiting);
        await harness.TimerAsync("second:task", 2);
        harness.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync("second")).Status);
    }

    [Fact]
    public async Task Gate_MoreMessagesThanOneExecutionTakes_ForgetsNobody()
    {
        await using var harness = await LimitedHarness.StartAsync(static limits => limits.Agents = 3);
        var runs = new List<string>();
        for (var run = 0; run < 10; run++) runs.Add((await harness.LaunchAsync(Batch(40))).Id);

        foreach (var run in runs) Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run)).Status);
        Assert.True(harness.Agents.MostRunning <= 3, $"{harness.Agents.MostRunning} agents worked at once");
        Assert.Equal(400, harness.Agents.Calls.Count);
        await harness.UntilGateAsync(Gate, static count => count is { Held: 0, Waiting: 0 });
        var history = await harness.Client.GetHistoryAsync(Gate);
        Assert.True(history.Count(static told => told.EventType == "EventRaised") <= 2 * ConcurrencyGateOrchestrator.MessagesOfOneExecution);
    }

    [Fact]
    public async Task Limit_AnotherOneAtTheNextStart_IsTakenOver()
    {
        await using var harness = await LimitedHarness.StartAsync(static limits => limits.Agents = 1, Slow);
        await harness.LaunchAsync(Batch(3));
        await harness.UntilGateAsync(Gate, static count => count is { Held: 1, Waiting: 2 });

        await new DurableConcurrencyGate(harness.Client, Options.Create(new ConcurrencyOptions { Agents = 2 })).KeepAsync(CancellationToken.None);

        await harness.UntilGateAsync(Gate, static count => count is { Limit: 2, Held: 2, Waiting: 1 });
        _hold.Release(3);
    }

    [Fact]
    public async Task Messages_ForgedOrBroken_ChangeNothing()
    {
        await using var harness = await LimitedHarness.StartAsync(static limits => limits.Agents = 1, Slow);
        await LaunchAsync(harness, "first", Priority.Normal);
        await harness.UntilGateAsync(Gate, static count => count.Held == 1);
        foreach (var (kind, data) in new (string, object?)[]
        {
            (EnvelopeKinds.LimitSet, 0), (EnvelopeKinds.LimitSet, "two"), (EnvelopeKinds.PermitAsked, 1), (EnvelopeKinds.PermitAsked, new { number = 1 }),
            (EnvelopeKinds.PermitAsked, new PermitAsk("", 1, "k", default)), (EnvelopeKinds.PermitAsked, new PermitAsk("a/b", 1, "k", default)),
            (EnvelopeKinds.PermitAsked, new PermitAsk(Gate, 1, ConcurrencyKeys.AgentTurns, default)),
            (EnvelopeKinds.PermitReturned, new { }), (EnvelopeKinds.PermitReturned, new ReturnedPermit("nobody", 1)), ("nonsense", null),
        })
            await harness.Client.RaiseEventAsync(Gate, "inbox", Envelope.Create(Guid.NewGuid().ToString(), kind, data));

        await LaunchAsync(harness, "second", Priority.Normal);

        Assert.Equal(new PermitCount(1, 1, 1), await harness.UntilGateAsync(Gate, static count => count.Waiting > 0));
        _hold.Release(2);
    }

    public void Dispose() => _hold.Dispose();

    /// <summary>One place, which the run "first" has, and for which "second" waits.</summary>
    private async Task<RunHarness> SecondWaitsForFirstAsync()
    {
        var harness = await LimitedHarness.StartAsync(static limits => limits.Agents = 1, Slow);
        await LaunchAsync(harness, "first", Priority.Normal);
        await harness.CallsAsync(1);
        await LaunchAsync(harness, "second", Priority.Normal);
        await harness.UntilGateAsync(Gate, static count => count.Waiting == 1);
        return harness;
    }

    private void Slow(ScriptedAgents agents) => agents.On("x", async (request, cancellation) =>
    {
        await _hold.WaitAsync(cancellation);
        return ScriptedAgents.Answer(request.Messages[^1].Text ?? "");
    });

    private static Task<RunRecord> LaunchAsync(RunHarness harness, string id, Priority priority) =>
        harness.LaunchAsync(new TaskLaunch { Id = id, Agent = "x", Prompt = id, Options = new RunOptions { Priority = priority } });

    private static BatchLaunch Batch(int tasks) => new()
    {
        Tasks = [.. Enumerable.Range(1, tasks).Select(static number => new TaskLaunch { Agent = "x", Prompt = $"{number}" })],
    };
}
