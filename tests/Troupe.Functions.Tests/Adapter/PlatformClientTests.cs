using Grpc.Core;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Troupe.Durable;
using Troupe.Functions.Adapter;
using Troupe.Testing;
using Troupe.Testing.Contract;
using OrchestrationQuery = Troupe.Durable.OrchestrationQuery;
using OrchestrationRuntimeStatus = Troupe.Durable.OrchestrationRuntimeStatus;
using Platform = Microsoft.DurableTask;
using PlatformMetadata = Microsoft.DurableTask.Client.OrchestrationMetadata;
using PlatformQuery = Microsoft.DurableTask.Client.OrchestrationQuery;
using PlatformStatus = Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;
using PurgeInstancesFilter = Troupe.Durable.PurgeInstancesFilter;
using StartOrchestrationOptions = Troupe.Durable.StartOrchestrationOptions;

namespace Troupe.Functions.Tests.Adapter;

public sealed class PlatformClientTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Mock<DurableTaskClient> _platform = new(MockBehavior.Strict, "hub");
    private readonly DurableClientSource _clients = new();
    private readonly PlatformClient _client;

    public PlatformClientTests()
    {
        var time = new ManualTimeProvider();
        var registry = new DurableTaskRegistry()
            .Orchestrator<int, int>("Run", (_, n) => Task.FromResult(n), "1")
            .Orchestrator<int, int>("Run", (_, n) => Task.FromResult(n), "2");
        _clients.Use(_platform.Object);
        _client = new PlatformClient(_clients, registry, new InstanceTree(time, NullLogger<InstanceTree>.Instance), time);
    }

    private void Exists(string id, PlatformStatus status) => _platform
        .Setup(client => client.GetInstanceAsync(id, It.IsAny<CancellationToken>()))
        .ReturnsAsync(new PlatformMetadata("Run", id) { RuntimeStatus = status });

    private void IsMissing(string id) => _platform
        .Setup(client => client.GetInstanceAsync(id, It.IsAny<CancellationToken>()))
        .ReturnsAsync((PlatformMetadata?)null);

    [Fact]
    public async Task Calls_BeforeAnyFunctionHasRun_WaitForTheFirstBinding()
    {
        var clients = new DurableClientSource();
        var early = clients.GetAsync(CancellationToken.None).AsTask();
        Assert.False(early.IsCompleted);

        clients.Use(_platform.Object);

        Assert.Same(_platform.Object, await early);
        var next = new Mock<DurableTaskClient>("hub").Object;
        clients.Use(next);
        Assert.Same(next, await clients.GetAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(null, "2")]
    [InlineData("1", "1")]
    public async Task Schedule_NamesIdTimeAndVersion(string? version, string expected)
    {
        Platform.StartOrchestrationOptions? used = null;
        _platform
            .Setup(client => client.ScheduleNewOrchestrationInstanceAsync("Run", 5, It.IsAny<Platform.StartOrchestrationOptions>(), default))
            .Callback((Platform.TaskName _, object _, Platform.StartOrchestrationOptions options, CancellationToken _) => used = options)
            .ReturnsAsync("mine");

        Assert.Equal("mine", await _client.ScheduleNewOrchestrationInstanceAsync("Run", 5, new StartOrchestrationOptions("mine", Start, version)));

        Assert.Equal(("mine", Start, expected), (used!.InstanceId, used.StartAt, used.Version!.Value.Version));
    }

    [Fact]
    public async Task Schedule_WhatNobodyRegistered_IsRefused()
    {
        await Assert.ThrowsAsync<OrchestratorNotRegisteredException>(() => _client.ScheduleNewOrchestrationInstanceAsync("Nobody"));
        await Assert.ThrowsAsync<OrchestratorNotRegisteredException>(() => _client.ScheduleNewOrchestrationInstanceAsync("Run", 1, new StartOrchestrationOptions(Version: "3")));
    }

    public static TheoryData<Exception> Taken => [new DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException("taken"), new RpcException(new Status(StatusCode.AlreadyExists, "taken"))];

    [Theory]
    [MemberData(nameof(Taken))]
    public async Task Schedule_TakenId_IsToldInTheContractsWords(Exception told)
    {
        _platform
            .Setup(client => client.ScheduleNewOrchestrationInstanceAsync("Run", null, It.IsAny<Platform.StartOrchestrationOptions>(), default))
            .ThrowsAsync(told);

        var refused = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() =>
            _client.ScheduleNewOrchestrationInstanceAsync("Run", null, new StartOrchestrationOptions("mine")));

        Assert.Equal("mine", refused.InstanceId);
    }

    [Fact]
    public async Task GetInstance_MapsEverything()
    {
        _platform.Setup(client => client.GetInstanceAsync("i", true, default)).ReturnsAsync(new PlatformMetadata("Run", "i")
        {
            RuntimeStatus = PlatformStatus.Failed,
            CreatedAt = Start,
            LastUpdatedAt = Start.AddMinutes(1),
            SerializedInput = "1",
            SerializedOutput = "2",
            SerializedCustomStatus = "3",
            FailureDetails = new Platform.TaskFailureDetails("E", "broken", null, null, null),
        });

        Assert.Equal(
            new Durable.OrchestrationMetadata("Run", "i")
            {
                RuntimeStatus = OrchestrationRuntimeStatus.Failed,
                CreatedAt = Start,
                LastUpdatedAt = Start.AddMinutes(1),
                SerializedInput = "1",
                SerializedOutput = "2",
                SerializedCustomStatus = "3",
                FailureDetails = new FailureDetails("E", "broken"),
            },
            await _client.GetInstanceAsync("i", getInputsAndOutputs: true));
    }

    [Theory]
    [InlineData("@entity@key")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task Instance_IdThatNoneCanHave_IsMissingWithoutAskingThePlatform(string id)
    {
        Assert.Null(await _client.GetInstanceAsync(id, getInputsAndOutputs: true));
        Assert.Empty(await _client.GetHistoryAsync(id));
        Assert.Equal(0, await _client.PurgeInstanceAsync(id));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => _client.RaiseEventAsync(id, "e"));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => _client.RestartInstanceAsync(id));
    }

    [Fact]
    public async Task PurgeInstances_EndBeforeTheBeginning_PurgesNothing()
    {
        Assert.Equal(0, await _client.PurgeInstancesAsync(new PurgeInstancesFilter(Start, DateTimeOffset.MinValue)));
        Assert.Equal(0, await _client.PurgeInstancesAsync(new PurgeInstancesFilter(DateTimeOffset.MinValue, DateTimeOffset.MinValue)));
    }

    [Fact]
    public void Statuses_OfBothSides_AreTheSameWords()
    {
        Assert.Equal(Enum.GetNames<PlatformStatus>(), Enum.GetNames<OrchestrationRuntimeStatus>());
        Assert.All(Enum.GetValues<OrchestrationRuntimeStatus>(), static status => Assert.Equal(status.ToString(), Views.Of(status).ToString()));
    }

    [Theory]
    [InlineData("next", "next")]
    [InlineData("", null)]
    [InlineData(null, null)]
    public async Task GetInstances_IsOnePageAndItsToken(string? given, string? expected)
    {
        PlatformQuery? used = null;
        (string? Token, int? Size) asked = default;
        _platform.Setup(client => client.GetAllInstancesAsync(It.IsAny<PlatformQuery>()))
            .Callback((PlatformQuery query) => used = query)
            .Returns(Platform.Pageable.Create<PlatformMetadata>((token, size, _) =>
            {
                asked = (token, size);
                return Task.FromResult(new Platform.Page<PlatformMetadata>([new PlatformMetadata("Run", "i")], given));
            }));

        var page = await _client.GetInstancesAsync(new OrchestrationQuery
        {
            CreatedFrom = Start,
            CreatedTo = Start.AddDays(1),
            Statuses = [OrchestrationRuntimeStatus.Suspended],
            InstanceIdPrefix = "p",
            PageSize = 7,
            ContinuationToken = "token",
            FetchInputsAndOutputs = true,
        });

        Assert.Equal((Start, Start.AddDays(1), "p", true), (used!.CreatedFrom, used.CreatedTo, used.InstanceIdPrefix, used.FetchInputsAndOutputs));
        Assert.Equal([PlatformStatus.Suspended], used.Statuses!);
        Assert.Equal(("token", 7), asked);
        Assert.Equal(("i", expected), (Assert.Single(page.Values).InstanceId, page.ContinuationToken));
    }

    [Fact]
    public async Task RaiseEvent_IsForwarded_ButNotToWhatIsMissingOrHasEnded()
    {
        Exists("open", PlatformStatus.Running);
        Exists("ended", PlatformStatus.Completed);
        IsMissing("nobody");
        _platform.Setup(client => client.RaiseEventAsync("open", "e", 5, default)).Returns(Task.CompletedTask);

        await _client.RaiseEventAsync("open", "e", 5, "delivery");
        var ended = await Assert.ThrowsAsync<OrchestrationInvalidStateException>(() => _client.RaiseEventAsync("ended", "e"));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => _client.RaiseEventAsync("nobody", "e"));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.Status);
        _platform.Verify(client => client.RaiseEventAsync("open", "e", 5, default), Times.Once);
    }

    [Fact]
    public async Task Rewind_IsForFailedInstancesAlone()
    {
        Exists("failed", PlatformStatus.Failed);
        Exists("done", PlatformStatus.Completed);
        _platform.Setup(client => client.RewindInstanceAsync("failed", "again", default)).Returns(Task.CompletedTask);

        await _client.RewindInstanceAsync("failed", "again");
        await Assert.ThrowsAsync<OrchestrationInvalidStateException>(() => _client.RewindInstanceAsync("done", "again"));

        _platform.Verify(client => client.RewindInstanceAsync("failed", "again", default), Times.Once);
    }

    [Fact]
    public async Task Restart_UnderTheSameId_IsForEndedInstancesAlone()
    {
        Exists("running", PlatformStatus.Running);
        _platform.Setup(client => client.RestartAsync("running", true, default)).ReturnsAsync("other");

        Assert.Equal("other", await _client.RestartInstanceAsync("running", restartWithNewInstanceId: true));
        await Assert.ThrowsAsync<OrchestrationInvalidStateException>(() => _client.RestartInstanceAsync("running"));
    }

    [Fact]
    public async Task PurgeInstances_NamesABeginningAndOnlyEndedStatuses()
    {
        Microsoft.DurableTask.Client.PurgeInstancesFilter? used = null;
        _platform.Setup(client => client.PurgeAllInstancesAsync(It.IsAny<Microsoft.DurableTask.Client.PurgeInstancesFilter>(), default))
            .Callback((Microsoft.DurableTask.Client.PurgeInstancesFilter filter, CancellationToken _) => used = filter)
            .ReturnsAsync(new PurgeResult(3));

        Assert.Equal(3, await _client.PurgeInstancesAsync(new PurgeInstancesFilter(CreatedTo: Start)));
        Assert.Equal(0, await _client.PurgeInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Running])));

        Assert.Equal((DateTimeOffset.UnixEpoch, Start), (used!.CreatedFrom, used.CreatedTo));
        Assert.Equal(["Canceled", "Completed", "Failed", "Terminated"], used.Statuses!.Select(static status => status.ToString()).Order(StringComparer.Ordinal));
    }
}
