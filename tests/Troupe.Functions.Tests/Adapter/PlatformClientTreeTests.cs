using DurableTask.Core.History;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Troupe.Durable;
using Troupe.Functions.Adapter;
using Troupe.Testing;
using Platform = Microsoft.DurableTask;
using PlatformMetadata = Microsoft.DurableTask.Client.OrchestrationMetadata;
using PlatformQuery = Microsoft.DurableTask.Client.OrchestrationQuery;
using PlatformStatus = Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace Troupe.Functions.Tests.Adapter;

/// <summary>What reaches an instance's children too, and what is asked of a single one.</summary>
public sealed class PlatformClientTreeTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Mock<DurableTaskClient> _platform = new(MockBehavior.Strict, "hub");
    private readonly PlatformClient _client;

    public PlatformClientTreeTests()
    {
        var clients = new DurableClientSource();
        clients.Use(_platform.Object);
        _client = new PlatformClient(clients, new DurableTaskRegistry(), new InstanceTree(_time, NullLogger<InstanceTree>.Instance), _time);
    }

    [Fact]
    public async Task Suspend_TellsTheParentAndItsOpenChildren_WithTheReason()
    {
        Exists("run", PlatformStatus.Running);
        HasOpenChildren("run", "run:a", "run:b");
        _platform.Setup(static client => client.SuspendInstanceAsync(It.IsAny<string>(), "why", default)).Returns(Task.CompletedTask);

        await _client.SuspendInstanceAsync("run", "why");

        foreach (var id in (string[])["run", "run:a", "run:b"])
            _platform.Verify(client => client.SuspendInstanceAsync(id, "why", default), Times.Once);
    }

    [Fact]
    public async Task Resume_TellsTheParentAndItsOpenChildren_WithTheReason()
    {
        Exists("run", PlatformStatus.Suspended);
        HasOpenChildren("run", "run:a");
        _platform.Setup(static client => client.ResumeInstanceAsync(It.IsAny<string>(), "why", default)).Returns(Task.CompletedTask);

        await _client.ResumeInstanceAsync("run", "why");

        foreach (var id in (string[])["run", "run:a"])
            _platform.Verify(client => client.ResumeInstanceAsync(id, "why", default), Times.Once);
    }

    [Fact]
    public async Task Terminate_HandsOnTheOutput()
    {
        Exists("run", PlatformStatus.Running);
        HasOpenChildren("run");
        _platform.Setup(static client => client.TerminateInstanceAsync("run", It.Is<TerminateInstanceOptions>(static options => (string?)options.Output == "out"), default))
            .Returns(Task.CompletedTask);

        var terminating = _client.TerminateInstanceAsync("run", "out");
        while (!terminating.IsCompleted)
        {
            if (_time.ActiveTimers > 0)
                _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        await terminating;
        _platform.VerifyAll();
    }

    [Theory]
    [InlineData("suspend")]
    [InlineData("resume")]
    [InlineData("terminate")]
    public async Task Commands_ToWhatHasEndedOrIsMissing_AreRefusedByName(string operation)
    {
        Exists("ended", PlatformStatus.Completed);
        IsMissing("nobody");

        var ended = await Assert.ThrowsAsync<OrchestrationInvalidStateException>(() => CommandAsync(operation, "ended"));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => CommandAsync(operation, "nobody"));

        Assert.Contains(operation, ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PurgeInstance_OfOneThatRuns_IsRefused_AndOfNoneIsNothing()
    {
        Exists("open", PlatformStatus.Running);
        IsMissing("nobody");

        await Assert.ThrowsAsync<OrchestrationInvalidStateException>(() => _client.PurgeInstanceAsync("open"));
        Assert.Equal(0, await _client.PurgeInstanceAsync("nobody"));
    }

    [Fact]
    public async Task GetHistory_IsThePlatforms_AndEmptyWhereThereIsNoInstance()
    {
        Exists("run", PlatformStatus.Running);
        IsMissing("nobody");
        _platform.Setup(static client => client.GetOrchestrationHistoryAsync("run", default))
            .ReturnsAsync([new ExecutionStartedEvent(-1, "1") { Name = "Run" }]);

        Assert.Equal("Run", Assert.Single(await _client.GetHistoryAsync("run")).Name);
        Assert.Empty(await _client.GetHistoryAsync("nobody"));
    }

    [Fact]
    public async Task WaitForCompletion_OfAnInstanceThatIsMissing_IsToldAtOnce()
    {
        IsMissing("nobody");
        Exists("run", PlatformStatus.Running);
        _platform.Setup(static client => client.WaitForInstanceCompletionAsync("run", true, default))
            .ReturnsAsync(new PlatformMetadata("Run", "run") { RuntimeStatus = PlatformStatus.Completed, SerializedOutput = "4" });

        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => _client.WaitForInstanceCompletionAsync("nobody"));
        Assert.Equal("4", (await _client.WaitForInstanceCompletionAsync("run", getInputsAndOutputs: true)).SerializedOutput);
    }

    private Task CommandAsync(string operation, string id) => operation switch
    {
        "suspend" => _client.SuspendInstanceAsync(id),
        "resume" => _client.ResumeInstanceAsync(id),
        _ => _client.TerminateInstanceAsync(id),
    };

    private void Exists(string id, PlatformStatus status) => _platform
        .Setup(client => client.GetInstanceAsync(id, It.IsAny<CancellationToken>()))
        .ReturnsAsync(new PlatformMetadata("Run", id) { RuntimeStatus = status });

    private void IsMissing(string id) => _platform
        .Setup(client => client.GetInstanceAsync(id, It.IsAny<CancellationToken>()))
        .ReturnsAsync((PlatformMetadata?)null);

    private void HasOpenChildren(string id, params string[] children) => _platform
        .Setup(client => client.GetAllInstancesAsync(It.Is<PlatformQuery>(query => query.InstanceIdPrefix == id + ":")))
        .Returns(() => Platform.Pageable.Create<PlatformMetadata>((_, _, _) => Task.FromResult(
            new Platform.Page<PlatformMetadata>([.. children.Select(static child => new PlatformMetadata("Run", child))]))));
}
