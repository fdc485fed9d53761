using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Notifications;

/// <summary>Who is told of what happens in runs.</summary>
public sealed class NotifierTests
{
    [Fact]
    public async Task SingleTask_IsToldOfOnce()
    {
        await using var harness = await RunHarness.StartAsync();
        await RunAsync(harness, new TaskLaunch { Agent = "x", Prompt = "p", Title = "Sum up", Options = new RunOptions { OnCompletion = new OnCompletion { Action = CompletionAction.Notify } } });

        var told = Assert.Single(await ToldAsync(harness, "ann"));

        Assert.Equal((NotificationType.TaskComplete, "Sum up is complete"), (told.Type, told.Title));
        Assert.NotNull(told.TaskId);
    }

    [Fact]
    public async Task SingleTask_OnCompletionNone_IsSilent()
    {
        await using var harness = await RunHarness.StartAsync();
        await RunAsync(harness, new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { OnCompletion = new OnCompletion { Action = CompletionAction.None } } });
        Assert.Empty(await ToldAsync(harness, "ann"));
    }

    [Theory]
    [InlineData(null, "task_complete,phase_complete,phase_start")]
    [InlineData(CompletionAction.Notify, "update,task_complete,phase_complete,phase_start")]
    public async Task Workflow_Phases_AreTold(CompletionAction? action, string types)
    {
        await using var harness = await RunHarness.StartAsync();
        await RunAsync(harness, Workflow() with { Options = new RunOptions { OnCompletion = action is { } at ? new OnCompletion { Action = at } : null } });

        var told = await ToldAsync(harness, "ann");

        Assert.Equal(types.Split(',').Order(StringComparer.Ordinal), told.Select(static one => Troupe.Core.Stores.EnumWords<NotificationType>.Write(one.Type)).Order(StringComparer.Ordinal));
        Assert.Contains(told, static one => one.Title == "w: First is complete");
    }

    [Fact]
    public async Task EventTakenTwice_MakesOneNotification()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await RunAsync(harness, new TaskLaunch { Agent = "x", Prompt = "p" });
        await ToldAsync(harness, "ann");
        var told = (await harness.Get<IEventLog>().ReadAsync(run, 0, 100, CancellationToken.None)).Single(static one => one.Type == EventTypes.TaskCompleted);

        await harness.Activity<Notifier>().TakeAsync(told, CancellationToken.None);

        Assert.Single(await ToldAsync(harness, "ann"));
    }

    [Fact]
    public async Task Approval_IsToldToThoseWhoMayDecide()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(new { name = "w", phases = new object[] { new { id = "p", title = "First", gate = new { approval = new { title = "Go?", approvers = new[] { "bob", "eve" } } }, tasks = new object[] { new { id = "t", agent = "x", prompt = "p" } } } } });
        await EventAsync(harness, run.Id, EventTypes.ApprovalRequested);

        foreach (var user in (string[])["bob", "eve"])
        {
            var asked = Assert.Single(await ToldAsync(harness, user));
            Assert.Equal((NotificationType.ApprovalRequested, "An approval is asked for: Go?"), (asked.Type, asked.Title));
            Assert.NotNull(asked.GateId);
        }

        Assert.DoesNotContain(await ToldAsync(harness, "ann"), static one => one.Type == NotificationType.ApprovalRequested);
    }

    [Fact]
    public async Task Approval_FromFirstToLast_IsToldToItsPeopleAndTheRunsUser()
    {
        await using var harness = await RunHarness.StartAsync();
        var approval = new { title = "Go?", approvers = new[] { "bob" }, remind = "10m", timeout = "25m", on_timeout = "escalate", escalate_to = new[] { "eve" } };
        var run = await harness.LaunchAsync(Gated(new { approval }));
        await EventAsync(harness, run.Id, EventTypes.ApprovalRequested);
        await harness.TimerAsync($"{run.Id}:p.gate", 2);
        harness.Time.Advance(TimeSpan.FromMinutes(10));
        await EventAsync(harness, run.Id, EventTypes.ApprovalReminder);
        await harness.TimerAsync($"{run.Id}:p.gate", 3);
        harness.Time.Advance(TimeSpan.FromMinutes(15));
        await EventAsync(harness, run.Id, EventTypes.ApprovalEscalated);
        Assert.Equal(
            ["An approval is overdue: Go?", "An approval is still waited for: Go?", "An approval is still waited for: Go?", "An approval is asked for: Go?"],
            (await ToldAsync(harness, "bob")).Select(static one => one.Title).OrderBy(static title => title.Contains("overdue", StringComparison.Ordinal) ? 0 : title.Contains("still", StringComparison.Ordinal) ? 1 : 2));
        Assert.Contains(await ToldAsync(harness, "eve"), static one => one.Title == "An approval is overdue: Go?");

        await harness.Get<GateDecisions>().DecideAsync($"{run.Id}:p.gate", approved: true, "fine", new Caller("eve"), CancellationToken.None);
        await harness.EndAsync(run.Id);

        Assert.Contains(await ToldAsync(harness, "ann"), static one => (one.Type, one.Title, one.Text) == (NotificationType.Update, "Go?: eve approved it", "fine"));
    }

    [Fact]
    public async Task Approval_ByTwo_ReadAfterBothDecided_IsToldToTheRunsUserOnce()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(new { approval = new { title = "Go?", approvers = new[] { "bob", "eve" }, quorum = 2 } }));
        await EventAsync(harness, run.Id, EventTypes.ApprovalRequested);
        foreach (var user in (string[])["bob", "eve"])
            await harness.Get<GateDecisions>().DecideAsync($"{run.Id}:p.gate", approved: true, null, new Caller(user), CancellationToken.None);
        var decided = (await harness.Get<IEventLog>().ReadAsync(run.Id, 0, 100, CancellationToken.None)).Where(static one => one.Type == EventTypes.ApprovalDecided).ToList();
        Assert.Equal(2, decided.Count);

        foreach (var late in decided)
            await harness.Activity<Notifier>().TakeAsync(late, CancellationToken.None);

        Assert.Equal(["Go?: eve approved it"], (await ToldAsync(harness, "ann")).Select(static one => one.Title).Where(static title => title.StartsWith("Go?", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Approval_ThatNobodyDecides_IsAnAlert()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(new { approval = new { title = "Go?", approvers = new[] { "bob" }, timeout = "1h", on_timeout = "approve" } }));
        await harness.TimerAsync($"{run.Id}:p.gate");
        harness.Time.Advance(TimeSpan.FromHours(1));
        await harness.EndAsync(run.Id);
        Assert.Contains(await ToldAsync(harness, "ann"), static one => one.Type == NotificationType.Alert && one.Title == "Nobody decided in time: Go?" && one.Text!.StartsWith("It counts as approved.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Callback_AwaitedAndMissed_IsTold()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated(new { callback = "ci-done", timeout = "1h" }));
        await harness.TimerAsync($"{run.Id}:p.gate");
        Assert.Contains(await ToldAsync(harness, "ann"), static one => (one.Type, one.Title) == (NotificationType.Update, "w waits for the callback ci-done"));
        harness.Time.Advance(TimeSpan.FromHours(1));
        await harness.EndAsync(run.Id);
        Assert.Contains(await ToldAsync(harness, "ann"), static one => (one.Type, one.Title) == (NotificationType.Alert, "The callback did not come in time: ci-done"));
        Assert.Contains(EventTypes.CallbackTimedOut, await harness.EventTypesAsync(run.Id));
        Assert.DoesNotContain(EventTypes.ApprovalTimedOut, await harness.EventTypesAsync(run.Id));
    }

    [Fact]
    public async Task ResultOfAPerson_IsAskedOfTheRunsUser()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static _ => new AgentTurnResult { Outcome = TurnOutcome.NeedsPerson }));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Title = "Rate it" });
        await EventAsync(harness, run.Id, EventTypes.TaskWaiting);
        var asked = Assert.Single(await ToldAsync(harness, "ann"));
        Assert.Equal((NotificationType.ApprovalRequested, "A result is to be supplied: Rate it", $"{run.Id}:task.result"), (asked.Type, asked.Title, asked.GateId));
    }

    [Fact]
    public async Task FailedWorkflow_IsAnAlert()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static _ => AgentTurnResult.Fail(new Failure(FailureKinds.ProviderError, "no"))));
        await RunAsync(harness, Workflow());

        var told = await ToldAsync(harness, "ann");

        Assert.Contains(told, static one => one.Type == NotificationType.TaskFailure);
        Assert.Contains(told, static one => one.Type == NotificationType.Alert && one.Title == "w has failed");
    }

    [Fact]
    public async Task Preferences_EmptyList_LeavesATypeOut()
    {
        await using var harness = await RunHarness.StartAsync();
        await harness.Get<PreferenceBook>().PutAsync(
            "ann", new NotificationPreferences { Types = new Dictionary<NotificationType, IReadOnlyList<string>> { [NotificationType.TaskComplete] = [] } }, CancellationToken.None);
        await RunAsync(harness, Workflow());
        Assert.DoesNotContain(await ToldAsync(harness, "ann"), static one => one.Type == NotificationType.TaskComplete);
    }

    private static object Gated(object gate) =>
        new { name = "w", phases = new object[] { new { id = "p", title = "First", gate, tasks = new object[] { new { id = "t", agent = "x", prompt = "p" } } } } };

    /// <summary>Waits until the run's log has an event of that type.</summary>
    private static async Task EventAsync(RunHarness harness, string run, string type)
    {
        var log = harness.Get<IEventLog>();
        for (var appended = log.WaitForAppendAsync(run, CancellationToken.None);
            (await log.ReadAsync(run, 0, 100, CancellationToken.None)).All(one => one.Type != type);
            appended = log.WaitForAppendAsync(run, CancellationToken.None))
            await appended.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    private static async Task<string> RunAsync(RunHarness harness, Launch launch)
    {
        var run = await harness.LaunchAsync(launch);
        await harness.EndAsync(run.Id);
        return run.Id;
    }

    private static async Task<IReadOnlyList<NotificationRecord>> ToldAsync(RunHarness harness, string user)
    {
        await harness.FollowedAsync();
        return (await harness.Get<INotificationStore>().ListAsync(new NotificationQuery { User = user }, CancellationToken.None)).Items;
    }

    private static WorkflowLaunch Workflow() => new()
    {
        Definition = System.Text.Json.JsonSerializer.SerializeToElement(new { name = "w", phases = new object[] { new { id = "p", title = "First", tasks = new object[] { new { id = "t", agent = "x", prompt = "p" } } } } }),
    };
}
