using Troupe.Durable;
using Xunit;

namespace Troupe.Testing.Contract;

[Trait("Contract", "Portable")]
public abstract class OrchestrationContract : ContractSuite
{
    [Fact]
    public async Task Run_WithInput_CompletesWithItsOutput()
    {
        await using var engine = await StartAsync(Registry().Orchestrator<string, string>("Greet", (_, name) => Task.FromResult($"Hello {name}")));

        var state = await engine.RunAsync("Greet", "World");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, state.RuntimeStatus);
        Assert.Equal("\"World\"", state.SerializedInput);
        Assert.Equal("\"Hello World\"", state.SerializedOutput);
        Assert.Equal("Greet", state.Name);
    }

    [Fact]
    public async Task Run_ThatThrows_FailsWithTheDetails()
    {
        await using var engine = await StartAsync(Registry().Orchestrator<int, int>("Throw", (_, _) => throw new InvalidDataException("no good")));

        var state = await engine.RunAsync("Throw");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, state.RuntimeStatus);
        Assert.Contains("no good", state.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activities_InAChain_PassResultsOn()
    {
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Increment", n => n + 1)
            .Orchestrator<int, int>("Chain", async (context, n) =>
            {
                for (var i = 0; i < 20; i++) n = await context.CallActivityAsync<int>("Increment", n);
                return n;
            }));

        Assert.Equal("25", (await engine.RunAsync("Chain", 5)).SerializedOutput);
    }

    [Fact]
    public async Task Activities_InParallel_ComeBackInOrderOfCall()
    {
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Double", n => n * 2)
            .Orchestrator<int, int[]>("FanOut", (context, n) =>
                Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallActivityAsync<int>("Double", i)))));

        Assert.Equal($"[{string.Join(",", Enumerable.Range(0, 100).Select(i => i * 2))}]", (await engine.RunAsync("FanOut", 100)).SerializedOutput);
    }

    [Fact]
    public async Task Activity_ThatThrows_CanBeCaught()
    {
        await using var engine = await StartAsync(Registry()
            .Activity<string, string>("Break", _ => throw new InvalidDataException("broken"))
            .Orchestrator<string, string>("Catch", async (context, _) =>
            {
                try
                {
                    return await context.CallActivityAsync<string>("Break", "x");
                }
                catch (TaskFailedException exception)
                {
                    return $"{exception.TaskName}: {exception.FailureDetails.ErrorMessage}";
                }
            }));

        Assert.Equal("\"Break: broken\"", (await engine.RunAsync("Catch")).SerializedOutput);
    }

    [Fact]
    public async Task Activity_WithRetryPolicy_IsTriedUntilItSucceeds()
    {
        var calls = 0;
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Flaky", _ => Interlocked.Increment(ref calls) < 3 ? throw new InvalidDataException("not yet") : calls)
            .Orchestrator<int, int>("Retry", (context, _) => context.CallActivityAsync<int>(
                "Flaky", 0, new TaskOptions(new RetryPolicy(5, TimeSpan.FromMilliseconds(10), 2)))));

        Assert.Equal("3", (await engine.RunAsync("Retry")).SerializedOutput);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Activity_WithRetriesSpent_Fails()
    {
        var calls = 0;
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Broken", _ => throw new InvalidDataException($"attempt {Interlocked.Increment(ref calls)}"))
            .Orchestrator<int, int>("Retry", (context, _) => context.CallActivityAsync<int>(
                "Broken", 0, new TaskOptions(new RetryPolicy(3, TimeSpan.FromMilliseconds(5))))));

        var state = await engine.RunAsync("Retry");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, state.RuntimeStatus);
        Assert.Contains("attempt 3", state.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Child_WithIdAndResult_KnowsItsParent()
    {
        await using var engine = await StartAsync(Registry()
            .Orchestrator<int, string>("Child", (context, n) => Task.FromResult($"{context.ParentInstanceId}/{context.InstanceId}/{n}"))
            .Orchestrator<int, string>("Parent", (context, n) => context.CallSubOrchestratorAsync<string>(
                "Child", n + 1, new SubOrchestrationOptions(InstanceId: "the-child"))));

        var state = await engine.RunAsync("Parent", 1, new StartOrchestrationOptions("the-parent"));

        Assert.Equal("\"the-parent/the-child/2\"", state.SerializedOutput);
    }

    [Fact]
    public async Task Child_ThatFails_FailsTheCall()
    {
        await using var engine = await StartAsync(Registry()
            .Orchestrator<int, int>("Child", (_, _) => throw new InvalidDataException("child trouble"))
            .Orchestrator<int, string>("Parent", async (context, _) =>
            {
                try
                {
                    await context.CallSubOrchestratorAsync("Child", 1, new SubOrchestrationOptions(InstanceId: "failing-child"));
                    return "no failure";
                }
                catch (TaskFailedException exception)
                {
                    return exception.FailureDetails.ErrorMessage;
                }
            }));

        Assert.Equal("\"child trouble\"", (await engine.RunAsync("Parent")).SerializedOutput);
    }

    [Fact]
    public async Task CustomStatus_WhileRunning_IsVisible()
    {
        await using var engine = await StartAsync(Registry().Orchestrator<int, int>("Status", async (context, _) =>
        {
            context.SetCustomStatus(new { percent = 40 });
            return await context.WaitForExternalEvent<int>("go");
        }));
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Status");

        var state = await engine.UntilAsync(id, static state => state.SerializedCustomStatus is not null);

        Assert.Equal("""{"percent":40}""", state.SerializedCustomStatus);
        await engine.Client.RaiseEventAsync(id, "go", 7);
        Assert.Equal("7", (await engine.EndAsync(id)).SerializedOutput);
    }

    [Fact]
    public async Task ContinueAsNew_WithNewInput_RunsAgainUnderTheSameId()
    {
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Increment", n => n + 1)
            .Orchestrator<int, int>("Count", async (context, n) =>
            {
                n = await context.CallActivityAsync<int>("Increment", n);
                if (n < 10) context.ContinueAsNew(n);
                return n;
            }));

        var state = await engine.RunAsync("Count", 0);

        Assert.Equal("10", state.SerializedOutput);
        Assert.Equal("9", state.SerializedInput);
    }

    [Fact]
    public async Task Coordination_ByTaskCompletionSource_IsLegalOnTheOrchestratorsOwnThread()
    {
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Double", n => n * 2)
            .Orchestrator<int, int>("Window", async (context, n) =>
            {
                var done = new TaskCompletionSource<int>();
                var sum = 0;
                var left = n;
                async Task RunOneAsync(int i)
                {
                    var doubled = await context.CallActivityAsync<int>("Double", i);
                    sum += doubled;
                    if (--left == 0) done.SetResult(sum);
                }

                for (var i = 0; i < n; i++) _ = RunOneAsync(i);
                return await done.Task;
            }));

        Assert.Equal("90", (await engine.RunAsync("Window", 10)).SerializedOutput);
    }

    [Fact]
    public async Task NewGuid_OnReplay_IsTheSameAndEachIsDifferent()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<Guid>();
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Nothing", n => n)
            .Orchestrator<int, int>("Guids", async (context, _) =>
            {
                seen.Add(context.NewGuid());
                await context.CallActivityAsync<int>("Nothing", 0);
                seen.Add(context.NewGuid());
                return 0;
            }));

        await engine.RunAsync("Guids");
        await engine.RunAsync("Guids");

        Assert.Equal(4, seen.Distinct().Count());
    }
}
