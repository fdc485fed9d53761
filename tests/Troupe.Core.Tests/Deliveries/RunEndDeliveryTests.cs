using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Deliveries;

/// <summary>Which ends are told of, and to whom.</summary>
public sealed class RunEndDeliveryTests
{
    private static readonly Uri Hook = new("https://example.com/hook");
    private static readonly Uri Other = new("https://example.org/other");
    private static readonly RunOptions Told = new() { CallbackUrl = Hook, MaxRetries = 0 };

    [Theory]
    [InlineData("x", "task.completed", WorkStatus.Completed)]
    [InlineData("broken", "task.failed", WorkStatus.Failed)]
    public async Task SingleTask_CallbackUrl_IsToldOfTheTask(string agent, string type, WorkStatus status)
    {
        await using var harness = await StartAsync();
        var run = await EndAsync(harness, new TaskLaunch { Agent = agent, Prompt = "p", Options = Told });

        var delivery = Assert.Single(await DeliveriesAsync(harness));
        Assert.Equal((run, $"{run}:task", type, Hook), (delivery.RunId, delivery.TaskId, delivery.Type, delivery.Url));
        await DeliveredAsync(harness, delivery);
        var message = Assert.Single(harness.Receiver.Messages);
        Assert.Equal((delivery.Id, type, status, $"{run}:task", run), (message.Id, message.Type, message.Data.Status, message.Data.TaskId, message.Data.WorkflowId));
        Assert.Equal(status == WorkStatus.Failed, message.Data.Error is not null);
    }

    [Theory]
    [InlineData("x", "workflow.completed")]
    [InlineData("broken", "workflow.failed")]
    public async Task Workflow_CallbackUrl_IsToldOfTheWorkflow(string agent, string type)
    {
        await using var harness = await StartAsync();
        var run = await EndAsync(harness, Workflow(new { id = "t", agent, prompt = "p" }));

        var delivery = Assert.Single(await DeliveriesAsync(harness));
        Assert.Equal((type, null), (delivery.Type, delivery.TaskId));
        await DeliveredAsync(harness, delivery);
        Assert.Equal($"{run}:t", Assert.Single(harness.Receiver.Messages).Data.TaskId);
    }

    [Fact]
    public async Task Batch_CallbackUrl_IsToldOnceWithWhereTheResultsAre()
    {
        await using var harness = await StartAsync();
        var run = await EndAsync(harness, new BatchLaunch { Tasks = [Task("a"), Task("broken")], Options = Told with { OnFailure = OnFailure.Continue } });

        await DeliveredAsync(harness, Assert.Single(await DeliveriesAsync(harness)));
        var data = Assert.Single(harness.Receiver.Messages).Data;
        Assert.Equal((RunKind.Batch, $"/api/v1/workflows/{run}/tasks"), (data.Kind, data.ResultUrl));
        Assert.Equal(["completed:1", "failed:1"], data.TaskCounts!.Select(static count => $"{count.Key}:{count.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Cancelled_CallbackUrl_IsToldOfTheCancel()
    {
        await using var harness = await StartAsync();
        var run = await harness.LaunchAsync(Workflow(new { id = "t", agent = "stuck", prompt = "p" }));
        await harness.UntilTaskAsync(run.Id, "t", static task => task.Status == WorkStatus.Running);
        await harness.Get<RunControl>().CancelAsync(run.Id, null, RunHarness.Ann, CancellationToken.None);
        await harness.Client.WaitForInstanceCompletionAsync(run.Id);

        Assert.Equal("workflow.cancelled", Assert.Single(await DeliveriesAsync(harness)).Type);
    }

    [Fact]
    public async Task NoCallbackUrl_TellsNobody()
    {
        await using var harness = await StartAsync();
        await EndAsync(harness, Task("x"));
        Assert.Empty(await DeliveriesAsync(harness));
    }

    [Theory]
    [InlineData("x", 0)]
    [InlineData("broken", 1)]
    public async Task OnCompletionNone_TellsOfFailuresOnly(string agent, int deliveries)
    {
        await using var harness = await StartAsync();
        await EndAsync(harness, new TaskLaunch { Agent = agent, Prompt = "p", Options = Told with { OnCompletion = new OnCompletion() } });
        Assert.Equal(deliveries, (await DeliveriesAsync(harness)).Count);
    }

    [Fact]
    public async Task OnFailureCallback_InAWorkflow_IsToldOfTheTaskToo()
    {
        await using var harness = await StartAsync();
        var run = await EndAsync(harness, Workflow(new { id = "t", agent = "broken", prompt = "p", on_failure = "callback" }));

        var deliveries = await DeliveriesAsync(harness);
        Assert.Equal(["task.failed", "workflow.failed"], deliveries.Select(static delivery => delivery.Type).Order(StringComparer.Ordinal));
        Assert.Equal($"{run}:t", deliveries.Single(static delivery => delivery.Type == "task.failed").TaskId);
    }

    [Fact]
    public async Task OnFailureCallback_OfASingleTask_IsToldOnce()
    {
        await using var harness = await StartAsync();
        await EndAsync(harness, new TaskLaunch { Agent = "broken", Prompt = "p", Options = Told with { OnFailure = OnFailure.Callback } });

        var delivery = Assert.Single(await DeliveriesAsync(harness));
        await DeliveredAsync(harness, delivery);
        Assert.Single(harness.Receiver.Messages);
    }

    [Fact]
    public async Task TaskWithAUrlOfItsOwn_IsToldThere()
    {
        await using var harness = await StartAsync();
        await EndAsync(harness, new BatchLaunch
        {
            Tasks = [Task("x"), Task("x") with { Options = new RunOptions { CallbackUrl = Other } }],
            Options = Told,
        });

        var deliveries = await DeliveriesAsync(harness);
        Assert.Equal(
            [("task.completed", Other), ("workflow.completed", Hook)],
            deliveries.Select(static delivery => (delivery.Type, delivery.Url)).OrderBy(static pair => pair.Type, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Rerun_OtherUrl_IsToldThereAlone()
    {
        await using var harness = await StartAsync();
        var first = await EndAsync(harness, new BatchLaunch { Tasks = [Task("broken"), Task("x")], Options = Told with { OnFailure = OnFailure.Callback } });
        var overrides = new RerunOverrides { Options = new RunOptions { CallbackUrl = Other } };

        var again = await harness.Get<RunControl>().RerunAsync(first, new RerunRequest("failed", overrides), RunHarness.Ann, CancellationToken.None);

        var run = again!.Run!.Id;
        await harness.Client.WaitForInstanceCompletionAsync(run);
        var deliveries = (await DeliveriesAsync(harness)).Where(delivery => delivery.RunId == run).ToList();
        Assert.Equal(["task.failed", "workflow.failed"], deliveries.Select(static delivery => delivery.Type).Order(StringComparer.Ordinal));
        Assert.All(deliveries, static delivery => Assert.Equal(Other, delivery.Url));
    }

    [Fact]
    public async Task Rerun_WithoutAnUrlToCall_IsRefused()
    {
        await using var harness = await StartAsync();
        var first = await EndAsync(harness, new BatchLaunch { Tasks = [Task("broken")], Options = new RunOptions { MaxRetries = 0 } });
        var overrides = new RerunOverrides
        {
            Options = new RunOptions { OnFailure = OnFailure.Callback, OnCompletion = new OnCompletion { Action = CompletionAction.Callback } },
        };

        var again = await harness.Get<RunControl>().RerunAsync(first, new RerunRequest("failed", overrides), RunHarness.Ann, CancellationToken.None);

        Assert.Equal(2, again!.Problems.Count);
        Assert.All(again.Problems, static problem => Assert.Equal("/overrides/options/callback_url", problem.Pointer));
    }

    [Fact]
    public async Task TerminatedFromOutside_IsToldOnceTheKeeperHasSeenIt()
    {
        await using var harness = await StartAsync();
        var run = await harness.LaunchAsync(Workflow(new { id = "t", agent = "stuck", prompt = "p" }));
        await harness.UntilTaskAsync(run.Id, "t", static task => task.Status == WorkStatus.Running);
        await harness.Client.TerminateInstanceAsync(run.Id, "by hand");
        await harness.Client.WaitForInstanceCompletionAsync(run.Id);
        await harness.Get<Keeper>().ReconcileAsync(run.Id, CancellationToken.None);

        var delivery = Assert.Single(await DeliveriesAsync(harness));
        Assert.Equal("workflow.cancelled", delivery.Type);
        await DeliveredAsync(harness, delivery);
        Assert.Equal("by hand", Assert.Single(harness.Receiver.Messages).Data.Error!.Message.Trim('"'));
    }

    private static Task<RunHarness> StartAsync() => RunHarness.StartAsync(static agents => agents
        .On("broken", static _ => AgentTurnResult.Fail(new Failure(FailureKinds.BadRequest, "no")))
        .On("stuck", static async (_, cancellation) =>
        {
            await System.Threading.Tasks.Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return ScriptedAgents.Answer("never");
        }));

    private static TaskLaunch Task(string agent) => new() { Agent = agent, Prompt = "p" };

    private static WorkflowLaunch Workflow(object task) => new()
    {
        Definition = System.Text.Json.JsonSerializer.SerializeToElement(new { name = "w", phases = new object[] { new { id = "p", tasks = new[] { task } } } }),
        Options = Told,
    };

    private static async Task<string> EndAsync(RunHarness harness, Launch launch)
    {
        var run = await harness.LaunchAsync(launch);
        await harness.Client.WaitForInstanceCompletionAsync(run.Id);
        return run.Id;
    }

    private static async Task<IReadOnlyList<DeliveryRecord>> DeliveriesAsync(RunHarness harness)
    {
        await harness.FollowedAsync();
        return (await harness.Deliveries.ListAsync(new DeliveryQuery(), CancellationToken.None)).Items;
    }

    private static async Task DeliveredAsync(RunHarness harness, DeliveryRecord delivery)
    {
        await harness.Client.WaitForInstanceCompletionAsync(DeliveryIds.Instance(delivery.Id, delivery.Round));
        Assert.Equal(DeliveryStatus.Delivered, (await harness.Deliveries.GetAsync(delivery.Id, CancellationToken.None))!.Status);
    }
}
