using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
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
        await harness.UntilAsync(run.Id, static one => one.Status is WorkStatus.Waiting or WorkStatus.Running);
        var log = harness.Get<IEventLog>();
        for (var appended = log.WaitForAppendAsync(run.Id, CancellationToken.None);
            (await log.ReadAsync(run.Id, 0, 100, CancellationToken.None)).All(static one => one.Type != EventTypes.ApprovalRequested);
            appended = log.WaitForAppendAsync(run.Id, CancellationToken.None))
            await appended.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        foreach (var user in (string[])["bob", "eve"])
        {
            var asked = Assert.Single(await ToldAsync(harness, user));
            Assert.Equal((NotificationType.ApprovalRequested, "An approval is asked for: Go?"), (asked.Type, asked.Title));
            Assert.NotNull(asked.GateId);
        }

        Assert.DoesNotContain(await ToldAsync(harness, "ann"), static one => one.Type == NotificationType.ApprovalRequested);
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
