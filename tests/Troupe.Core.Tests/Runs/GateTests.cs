using System.Text.Json;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Runs.Activities;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Runs;

public sealed class GateTests
{
    private static readonly Caller Bob = new("bob");

    [Fact]
    public async Task Approval_Approved_LetsThePhaseGoOn()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(new { approval = new { title = "Ship?" } }));
        var gate = await OpenAsync(harness, run.Id);
        Assert.Equal("Ship?", gate.Title);
        Assert.Empty(harness.Agents.Calls);
        var decisions = harness.Get<GateDecisions>();
        Assert.Equal(DecisionOutcome.Decided, (await decisions.DecideAsync(gate.Id, true, "go", RunHarness.Ann, CancellationToken.None)).Outcome);
        Assert.Equal(DecisionOutcome.Repeated, (await decisions.DecideAsync(gate.Id, true, "go", RunHarness.Ann, CancellationToken.None)).Outcome);
        var late = await decisions.DecideAsync(gate.Id, false, null, Bob, CancellationToken.None);
        Assert.Equal(DecisionOutcome.Closed, late.Outcome);
        Assert.Equal("ann", late.Gate!.ClosedBy);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Approval_Rejected_FailsTheRunAndSaysWhoAndWhy()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(new { approval = new { title = "Ship?" } }));
        var gate = await OpenAsync(harness, run.Id);
        await harness.Get<GateDecisions>().DecideAsync(gate.Id, false, "not on Friday", Bob, CancellationToken.None);
        var ended = await harness.EndAsync(run.Id);
        Assert.Equal(FailureKinds.Rejected, ended.Error!.Kind);
        Assert.Contains("bob: not on Friday", ended.Error.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Agents.Calls);
    }

    [Fact]
    public async Task Approval_Quorum_NeedsAsManyPeople()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(new { approval = new { title = "Ship?", quorum = 2, approvers = new[] { "ann", "bob" } } }));
        var gate = await OpenAsync(harness, run.Id);
        var decisions = harness.Get<GateDecisions>();
        Assert.Equal(DecisionOutcome.NotAllowed, (await decisions.DecideAsync(gate.Id, true, null, new Caller("eve"), CancellationToken.None)).Outcome);
        Assert.Equal(GateStatus.Pending, (await decisions.DecideAsync(gate.Id, true, null, RunHarness.Ann, CancellationToken.None)).Gate!.Status);
        Assert.Equal(GateStatus.Pending, (await decisions.DecideAsync(gate.Id, true, null, RunHarness.Ann, CancellationToken.None)).Gate!.Status);
        Assert.Equal(GateStatus.Approved, (await decisions.DecideAsync(gate.Id, true, null, Bob, CancellationToken.None)).Gate!.Status);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
    }

    [Theory]
    [InlineData("reject", WorkStatus.Failed)]
    [InlineData("approve", WorkStatus.Completed)]
    public async Task Approval_TimesOut_CountsAsTold(string onTimeout, WorkStatus expected)
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(new { approval = new { title = "Ship?", timeout = "1h", on_timeout = onTimeout } }));
        var gate = await OpenAsync(harness, run.Id);
        await harness.TimerAsync(gate.Id);
        harness.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(expected, (await harness.EndAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Callback_BeforeTheWait_IsKept()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(new { callback = "built" }, delay: "1h"));
        var receiver = harness.Get<CallbackReceiver>();
        Assert.Equal(CallbackResult.UnknownName, await receiver.ReceiveAsync(run.Id, "other", "d1", "{}", CancellationToken.None));
        Assert.Equal(CallbackResult.RunNotFound, await receiver.ReceiveAsync("none", "built", "d1", "{}", CancellationToken.None));
        Assert.Equal(CallbackResult.Accepted, await receiver.ReceiveAsync(run.Id, "built", "d1", """{"ok":true}""", CancellationToken.None));
        Assert.Equal(CallbackResult.Duplicate, await receiver.ReceiveAsync(run.Id, "built", "d1", """{"ok":true}""", CancellationToken.None));
        await harness.TimerAsync(run.Id);
        harness.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal(CallbackResult.Ended, await receiver.ReceiveAsync(run.Id, "built", "d2", "{}", CancellationToken.None));
    }

    [Fact]
    public async Task Callback_WhileWaiting_ResumesThePhase()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(new { callback = "built" }));
        var gate = await OpenAsync(harness, run.Id);
        await harness.Get<CallbackReceiver>().ReceiveAsync(run.Id, "built", "d1", """{"ok":true}""", CancellationToken.None);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        gate = (await harness.Get<IGateStore>().GetAsync(gate.Id, CancellationToken.None))!;
        Assert.Equal(GateStatus.Received, gate.Status);
        Assert.True(gate.Acknowledged);
        Assert.True(JsonDocument.Parse(await harness.Get<IArtifactStore>().ReadTextAsync(gate.Payload!, CancellationToken.None)).RootElement.GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task Cancel_OpenGate_ClosesIt()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(new { approval = new { title = "Ship?" } }));
        var gate = await OpenAsync(harness, run.Id);
        await harness.Get<RunControl>().CancelAsync(run.Id, null, Bob, CancellationToken.None);
        Assert.Equal(WorkStatus.Cancelled, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal(GateStatus.Cancelled, (await harness.Get<IGateStore>().GetAsync(gate.Id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Approval_Escalated_LetsTheOthersDecide()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(Escalating));
        var gate = await OpenAsync(harness, run.Id);
        var decisions = harness.Get<GateDecisions>();
        Assert.Equal(DecisionOutcome.NotAllowed, (await decisions.DecideAsync(gate.Id, true, null, Bob, CancellationToken.None)).Outcome);
        await harness.TimerAsync(gate.Id);
        harness.Time.Advance(TimeSpan.FromHours(1));
        await harness.TimerAsync(gate.Id, 2);
        Assert.Equal(DecisionOutcome.Decided, (await decisions.DecideAsync(gate.Id, true, null, Bob, CancellationToken.None)).Outcome);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Contains(EventTypes.ApprovalEscalated, await harness.EventTypesAsync(run.Id));
    }

    [Fact]
    public async Task Approval_EscalatedInVain_Fails()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(Escalating));
        var gate = await OpenAsync(harness, run.Id);
        for (var deadline = 1; deadline <= 2; deadline++)
        {
            await harness.TimerAsync(gate.Id, deadline);
            harness.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(FailureKinds.TimedOut, (await harness.EndAsync(run.Id)).Error!.Kind);
    }

    [Fact]
    public async Task SettleGate_DecidedBeforeItsEscalation_TakesTheDecisionIn()
    {
        await using var harness = await RunHarness.StartAsync();
        var definition = new GateDefinition { Type = GateType.Approval, Timeout = TimeSpan.FromHours(1), OnTimeout = OnTimeout.Escalate, EscalateTo = ["bob"] };
        var input = new GateInput("r", "g", "Ship?", definition);
        await harness.Activity<OpenGate>().RunAsync(new(nameof(OpenGate), "r:g", CancellationToken.None), input);
        await harness.Get<GateDecisions>().DecideAsync("r:g", true, null, RunHarness.Ann, CancellationToken.None);
        var outcome = await harness.Activity<SettleGate>().RunAsync(
            new(nameof(SettleGate), "r:g", CancellationToken.None), new GateSettlement(input, GateStatus.TimedOut, Escalate: true));
        Assert.Equal(WorkStatus.Completed, outcome.Status);
        var gate = await harness.Get<IGateStore>().GetAsync("r:g", CancellationToken.None);
        Assert.Equal((false, true), (gate!.Escalated, gate.Acknowledged));
    }

    [Fact]
    public async Task Keeper_RunTerminatedAtAGate_NobodyIsAskedAnyMore()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(new { approval = new { title = "Ship?" } }));
        var gate = await OpenAsync(harness, run.Id);
        await harness.Client.TerminateInstanceAsync(run.Id);
        await harness.Client.WaitForInstanceCompletionAsync(run.Id);
        await harness.Get<Keeper>().FullPassAsync(CancellationToken.None);
        gate = (await harness.Get<IGateStore>().GetAsync(gate.Id, CancellationToken.None))!;
        Assert.Equal((GateStatus.Cancelled, true), (gate.Status, gate.Acknowledged));
        Assert.Equal(DecisionOutcome.Closed, (await harness.Get<GateDecisions>().DecideAsync(gate.Id, true, null, Bob, CancellationToken.None)).Outcome);
    }

    private static object Escalating => new { approval = new { title = "Ship?", approvers = new[] { "ann" }, timeout = "1h", on_timeout = "escalate", escalate_to = new[] { "bob" } } };

    private static object Gated(object gate, string? delay = null) => delay is null
        ? new { name = "gated", phases = new object[] { new { id = "p", gate, tasks = new[] { new { id = "a", agent = "x", prompt = "1" } } } } }
        : new { name = "gated", phases = new object[] { new { id = "p", gate, delay, tasks = new[] { new { id = "a", agent = "x", prompt = "1" } } } } };

    private static async Task<GateRecord> OpenAsync(RunHarness harness, string runId)
    {
        await harness.Client.WaitForGateAsync(harness.Get<IGateStore>(), $"{runId}:p.gate");
        return (await harness.Get<IGateStore>().GetAsync($"{runId}:p.gate", CancellationToken.None))!;
    }
}
