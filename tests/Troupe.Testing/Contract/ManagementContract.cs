using Troupe.Durable;
using Xunit;

namespace Troupe.Testing.Contract;

[Trait("Contract", "Portable")]
public abstract class ManagementContract : ContractSuite
{
    private static DurableTaskRegistry Waiting() => Registry()
        .Orchestrator<int, int>("Wait", (context, _) => context.WaitForExternalEvent<int>("go"))
        .Orchestrator<int, int>("Fail", (_, _) => throw new InvalidDataException("failed"))
        .Orchestrator<int, int>("Return", (_, n) => Task.FromResult(n));

    [Fact]
    public async Task GetInstance_UnknownId_IsNull()
    {
        await using var engine = await StartAsync(Waiting());

        Assert.Null(await engine.Client.GetInstanceAsync("nobody"));
        Assert.Empty(await engine.Client.GetHistoryAsync("nobody"));
    }

    [Fact]
    public async Task Operations_UnknownId_SayNotFound()
    {
        await using var engine = await StartAsync(Waiting());

        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => engine.Client.RaiseEventAsync("nobody", "go"));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => engine.Client.TerminateInstanceAsync("nobody"));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => engine.Client.SuspendInstanceAsync("nobody"));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => engine.Client.RewindInstanceAsync("nobody", "x"));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => engine.Client.RestartInstanceAsync("nobody"));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => engine.Client.WaitForInstanceCompletionAsync("nobody"));
    }

    [Fact]
    public async Task Operations_EndedInstance_SayInvalidState()
    {
        await using var engine = await StartAsync(Waiting());
        var id = (await engine.RunAsync("Return", 1)).InstanceId;

        await Assert.ThrowsAsync<OrchestrationInvalidStateException>(() => engine.Client.RaiseEventAsync(id, "go"));
        await Assert.ThrowsAsync<OrchestrationInvalidStateException>(() => engine.Client.TerminateInstanceAsync(id));
        await Assert.ThrowsAsync<OrchestrationInvalidStateException>(() => engine.Client.SuspendInstanceAsync(id));
        await Assert.ThrowsAsync<OrchestrationInvalidStateException>(() => engine.Client.RewindInstanceAsync(id, "x"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("@entity")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    public async Task Schedule_IllegalId_IsRefused(string id)
    {
        await using var engine = await StartAsync(Waiting());

        await Assert.ThrowsAsync<ArgumentException>(() =>
            engine.Client.ScheduleNewOrchestrationInstanceAsync("Return", 1, new StartOrchestrationOptions(id)));
    }

    [Fact]
    public async Task Suspend_ThenResume_ReceivesWhatCameMeanwhile()
    {
        await using var engine = await StartAsync(Waiting());
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await engine.Client.SuspendInstanceAsync(id, "hold on");
        await engine.UntilAsync(id, static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);

        await engine.Client.RaiseEventAsync(id, "go", 5);
        await engine.Client.ResumeInstanceAsync(id, "go on");

        Assert.Equal("5", (await engine.EndAsync(id)).SerializedOutput);
    }

    [Fact]
    public async Task Terminate_RunningInstance_EndsItWithTheOutput()
    {
        await using var engine = await StartAsync(Waiting());
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait");

        await engine.Client.TerminateInstanceAsync(id, "enough");
        var state = await engine.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, state.RuntimeStatus);
        Assert.Equal("\"enough\"", state.SerializedOutput);
    }

    [Fact]
    public async Task Restart_EndedInstance_RunsAgainWithItsInput()
    {
        await using var engine = await StartAsync(Waiting());
        var first = (await engine.RunAsync("Return", 42)).InstanceId;

        var second = await engine.Client.RestartInstanceAsync(first, restartWithNewInstanceId: true);

        Assert.NotEqual(first, second);
        Assert.Equal("42", (await engine.EndAsync(second)).SerializedOutput);
        Assert.Equal(first, await engine.Client.RestartInstanceAsync(first));
        Assert.Equal("42", (await engine.EndAsync(first)).SerializedOutput);
    }

    [Fact]
    public async Task Purge_EndedInstance_DeletesIt()
    {
        await using var engine = await StartAsync(Waiting());
        var id = (await engine.RunAsync("Return", 1)).InstanceId;

        Assert.Equal(1, await engine.Client.PurgeInstanceAsync(id));
        Assert.Equal(0, await engine.Client.PurgeInstanceAsync(id));
        Assert.Null(await engine.Client.GetInstanceAsync(id));
    }

    [Fact]
    public async Task PurgeInstances_ByStatus_LeavesTheOthers()
    {
        await using var engine = await StartAsync(Waiting());
        var waiting = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        var failed = (await engine.RunAsync("Fail")).InstanceId;
        for (var i = 0; i < 3; i++) await engine.RunAsync("Return", i);

        Assert.Equal(3, await engine.Client.PurgeInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Completed])));
        Assert.NotNull(await engine.Client.GetInstanceAsync(waiting));
        Assert.NotNull(await engine.Client.GetInstanceAsync(failed));
    }

    [Fact]
    public async Task GetInstances_PageByPage_GivesEachMatchOnce()
    {
        await using var engine = await StartAsync(Waiting());
        for (var i = 0; i < 7; i++) await engine.RunAsync("Return", i, new StartOrchestrationOptions($"page-{i}"));
        await engine.RunAsync("Return", 9, new StartOrchestrationOptions("other"));
        await engine.RunAsync("Fail", 9, new StartOrchestrationOptions("page-failed"));

        var query = new OrchestrationQuery
        {
            InstanceIdPrefix = "page-",
            Statuses = [OrchestrationRuntimeStatus.Completed],
            PageSize = 3,
            FetchInputsAndOutputs = true,
        };
        List<OrchestrationMetadata> all = [];
        do
        {
            var page = await engine.Client.GetInstancesAsync(query);
            all.AddRange(page.Values);
            query = query with { ContinuationToken = page.ContinuationToken };
        }
        while (query.ContinuationToken is not null);

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"page-{i}"), all.Select(state => state.InstanceId).Order(StringComparer.Ordinal));
        Assert.All(all, state => Assert.Equal(state.SerializedInput, state.SerializedOutput));
    }
}
