using Troupe.Core.Approvals;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Approvals;

public sealed class DeciderTests
{
    private static readonly Caller Lead = new("lia") { Groups = ["leads"] };

    [Fact]
    public async Task Group_Quorum_CountsItsPeople()
    {
        await using var harness = await RunHarness.StartAsync();
        var gate = await OpenAsync(harness, new { title = "Ship?", quorum = 2, approvers = new[] { "group:leads" } });
        var decisions = harness.Get<GateDecisions>();
        Assert.Equal(DecisionOutcome.NotAllowed, (await decisions.DecideAsync(gate, true, null, new Caller("group:leads"), default)).Outcome);
        Assert.Equal(DecisionOutcome.NotAllowed, (await decisions.DecideAsync(gate, true, null, new Caller("eve") { Groups = ["others"] }, default)).Outcome);
        Assert.Equal(GateStatus.Pending, (await decisions.DecideAsync(gate, true, null, Lead, default)).Gate!.Status);
        Assert.Equal(DecisionOutcome.Repeated, (await decisions.DecideAsync(gate, true, null, Lead, default)).Outcome);
        Assert.Equal(DecisionOutcome.DecidedOtherwise, (await decisions.DecideAsync(gate, false, null, Lead, default)).Outcome);
        Assert.Equal(GateStatus.Approved, (await decisions.DecideAsync(gate, true, null, new Caller("leo") { Groups = ["leads"] }, default)).Gate!.Status);
    }

    [Fact]
    public async Task Decide_ManyAtTheSameInstant_OneDecidesAndTheOthersLearnWho()
    {
        await using var harness = await RunHarness.StartAsync();
        var gate = await OpenAsync(harness, new { title = "Ship?" });
        var decisions = harness.Get<GateDecisions>();
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Task.Run(() => decisions.DecideAsync(gate, n % 2 == 0, null, new Caller($"user-{n}"), default))));
        var winner = Assert.Single(results, static result => result.Outcome == DecisionOutcome.Decided).Gate!.ClosedBy;
        Assert.All(results.Where(static result => result.Outcome != DecisionOutcome.Decided), result => Assert.Equal((DecisionOutcome.Closed, winner), (result.Outcome, result.Gate!.ClosedBy)));
    }

    [Fact]
    public async Task Remind_OpenGate_TellsAtEachIntervalUntilItIsDecided()
    {
        await using var harness = await RunHarness.StartAsync();
        var gate = await OpenAsync(harness, new { title = "Ship?", remind = "1h", timeout = "3d" });
        for (var number = 1; number <= 2; number++)
        {
            await harness.TimerAsync(gate, number + 1);
            harness.Time.Advance(TimeSpan.FromHours(1));
        }

        await harness.TimerAsync(gate, 4);
        Assert.Equal(2, (await harness.Get<IGateStore>().GetAsync(gate, default))!.Reminders);
        await harness.Get<GateDecisions>().DecideAsync(gate, true, null, Lead, default);
        var run = RunIds.RunOf(gate)!;
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run)).Status);
        Assert.Equal(2, (await harness.EventTypesAsync(run)).Count(static type => type == EventTypes.ApprovalReminder));
    }

    [Fact]
    public async Task Escalation_ToAGroup_HasADeadlineOfItsOwn()
    {
        await using var harness = await RunHarness.StartAsync();
        var gate = await OpenAsync(harness, new { title = "Ship?", approvers = new[] { "ann" }, timeout = "1h", on_timeout = "escalate", escalate_to = new[] { "group:leads" }, escalate_timeout = "2d" });
        await harness.TimerAsync(gate);
        harness.Time.Advance(TimeSpan.FromHours(1));
        await harness.TimerAsync(gate, 2);
        var escalated = await harness.Get<IGateStore>().GetAsync(gate, default);
        Assert.Equal((true, TimeSpan.FromDays(2)), (escalated!.Escalated, escalated.ExpiresAt - harness.Time.GetUtcNow()));
        Assert.Equal(DecisionOutcome.Decided, (await harness.Get<GateDecisions>().DecideAsync(gate, true, null, Lead, default)).Outcome);
    }

    [Fact]
    public async Task Inbox_Mine_AreOpenOnesThatTheCallerMayDecideAndHasNot()
    {
        await using var harness = await RunHarness.StartAsync();
        var everybody = await OpenAsync(harness, new { title = "All?", quorum = 2 });
        var leads = await OpenAsync(harness, new { title = "Leads?", approvers = new[] { "group:leads" } });
        var anns = await OpenAsync(harness, new { title = "Ann?", approvers = new[] { "ann" } });
        var inbox = harness.Get<ApprovalInbox>();
        Assert.Equal([leads, everybody], await IdsAsync(inbox, new InboxQuery { Mine = true, Limit = 1 }, Lead));
        await harness.Get<GateDecisions>().DecideAsync(everybody, true, null, Lead, default);
        Assert.Equal([leads], await IdsAsync(inbox, new InboxQuery { Mine = true }, Lead));
        Assert.Equal([anns, everybody], await IdsAsync(inbox, new InboxQuery { Mine = true }, RunHarness.Ann));
        Assert.Empty(await IdsAsync(inbox, new InboxQuery { Decided = true }, Lead));
        await harness.Get<GateDecisions>().DecideAsync(leads, false, null, Lead, default);
        Assert.Equal([leads], await IdsAsync(inbox, new InboxQuery { Decided = true }, Lead));
    }

    private static async Task<List<string>> IdsAsync(ApprovalInbox inbox, InboxQuery query, Caller caller)
    {
        var ids = new List<string>();
        do
        {
            var page = await inbox.ListAsync(query, caller, default);
            Assert.True(page.Items.Count <= query.Limit);
            ids.AddRange(page.Items.Select(static gate => gate.Id));
            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);
        return ids;
    }

    private static async Task<string> OpenAsync(RunHarness harness, object approval)
    {
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        var run = await harness.LaunchAsync(new { name = "gated", phases = new object[] { new { id = "p", gate = new { approval }, tasks = new[] { new { id = "a", agent = "x", prompt = "1" } } } } });
        await harness.Client.WaitForGateAsync(harness.Get<IGateStore>(), $"{run.Id}:p.gate");
        return $"{run.Id}:p.gate";
    }
}
