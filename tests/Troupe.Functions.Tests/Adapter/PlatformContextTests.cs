using Microsoft.Extensions.Logging;
using Moq;
using Troupe.Durable;
using Troupe.Functions.Adapter;
using Troupe.Testing.Contract;
using Platform = Microsoft.DurableTask;

namespace Troupe.Functions.Tests.Adapter;

public sealed class PlatformContextTests
{
    private static readonly DateTime Now = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly Mock<Platform.TaskOrchestrationContext> _platform = new(MockBehavior.Strict);
    private readonly DurableTaskRegistry _registry = new DurableTaskRegistry()
        .Orchestrator<int, int>("Run", (_, n) => Task.FromResult(n), "1")
        .Orchestrator<int, int>("Run", (_, n) => Task.FromResult(n), "2")
        .Orchestrator<int, int>("Other", (_, n) => Task.FromResult(n), "7");

    private PlatformContext Context()
    {
        _platform.SetupGet(context => context.Name).Returns("Run");
        _platform.SetupGet(context => context.Version).Returns("1");
        return new PlatformContext(_platform.Object, _registry);
    }

    [Fact]
    public void Facts_AreThePlatforms()
    {
        var id = Guid.NewGuid();
        _platform.SetupGet(context => context.InstanceId).Returns("i");
        _platform.SetupGet(context => context.Parent).Returns(new Platform.ParentOrchestrationInstance("Parent", "p"));
        _platform.SetupGet(context => context.CurrentUtcDateTime).Returns(Now);
        _platform.SetupGet(context => context.IsReplaying).Returns(true);
        _platform.Setup(context => context.NewGuid()).Returns(id);
        _platform.Setup(context => context.GetInput<string>()).Returns("in");
        _platform.Setup(context => context.CreateReplaySafeLogger("c")).Returns(Mock.Of<ILogger>());

        var context = Context();

        Assert.Equal(("Run", "1", "i", "p"), (context.Name, context.Version, context.InstanceId, context.ParentInstanceId));
        Assert.Equal((Now, true, id, "in"), (context.CurrentUtcDateTime, context.IsReplaying, context.NewGuid(), context.GetInput<string>()));
        Assert.NotNull(context.CreateReplaySafeLogger("c"));
    }

    [Fact]
    public void ParentInstanceId_AtTheTop_IsNull()
    {
        _platform.SetupGet(context => context.Parent).Returns((Platform.ParentOrchestrationInstance?)null);

        Assert.Null(Context().ParentInstanceId);
    }

    [Fact]
    public async Task CallActivity_WithARetryPolicy_HandsOnAllOfIt()
    {
        Platform.TaskOptions? used = null;
        _platform.Setup(context => context.CallActivityAsync<int>("Add", 3, It.IsAny<Platform.TaskOptions>()))
            .Callback((Platform.TaskName _, object _, Platform.TaskOptions options) => used = options)
            .ReturnsAsync(4);
        var policy = new RetryPolicy(5, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(9), TimeSpan.FromMinutes(3));

        Assert.Equal(4, await Context().CallActivityAsync<int>("Add", 3, new ActivityOptions(policy, ActivityPriority.High, "key")));

        var mapped = used!.Retry!.Policy!;
        Assert.Equal((5, TimeSpan.FromSeconds(1), 2d), (mapped.MaxNumberOfAttempts, mapped.FirstRetryInterval, mapped.BackoffCoefficient));
        Assert.Equal((TimeSpan.FromSeconds(9), TimeSpan.FromMinutes(3)), (mapped.MaxRetryInterval, mapped.RetryTimeout));
    }

    [Theory]
    [InlineData("Microsoft.Azure.WebJobs.Script.Workers.WorkerProcessExitException", 1, true)]
    [InlineData("Microsoft.Azure.WebJobs.Script.Workers.WorkerProcessExitException", 4, true)]
    [InlineData("Microsoft.Azure.WebJobs.Script.Workers.WorkerProcessExitException", 5, false)]
    [InlineData("System.InvalidOperationException", 1, false)]
    public async Task CallActivity_ThatFails_IsCalledAgainWhereItsWorkerProcessDied(string cause, int attempts, bool again)
    {
        Platform.TaskOptions? used = null;
        _platform.Setup(context => context.CallActivityAsync<int>("Add", 3, It.IsAny<Platform.TaskOptions>()))
            .Callback((Platform.TaskName _, object _, Platform.TaskOptions options) => used = options)
            .ReturnsAsync(4);
        await Context().CallActivityAsync<int>("Add", 3);
        var inner = new Platform.TaskFailureDetails(cause, "exited with code 137", null, null, null);
        var failure = new Platform.TaskFailureDetails("Microsoft.Azure.WebJobs.Host.FunctionInvocationException", "Exception while executing function", null, inner, null);

        Assert.Equal(again, await used!.Retry!.Handler!(new Platform.RetryContext(_platform.Object, attempts, failure, TimeSpan.Zero, default)));
    }

    [Fact]
    public async Task CallActivity_ThatFails_ThrowsTheContractsFailureWithItsCauses()
    {
        var inner = new Platform.TaskFailureDetails("System.IO.IOException", "disk", "there", null, null);
        var details = new Platform.TaskFailureDetails("System.Exception", "broken", "here", inner, null);
        _platform.Setup(context => context.CallActivityAsync<int>("Add", null, It.IsAny<Platform.TaskOptions>())).ThrowsAsync(new Platform.TaskFailedException("Add", 7, details));

        var failed = await Assert.ThrowsAsync<TaskFailedException>(() => Context().CallActivityAsync<int>("Add"));

        Assert.Equal(("Add", 7), (failed.TaskName, failed.TaskId));
        Assert.Equal(new FailureDetails("System.Exception", "broken", "here", new FailureDetails("System.IO.IOException", "disk", "there")), failed.FailureDetails);
    }

    [Theory]
    [InlineData("Run", null, "1")]
    [InlineData("Run", "2", "2")]
    [InlineData("Other", null, "7")]
    public async Task CallSubOrchestrator_NamesItsVersion(string name, string? asked, string expected)
    {
        Platform.SubOrchestrationOptions? used = null;
        _platform.Setup(context => context.CallSubOrchestratorAsync<int>(name, 1, It.IsAny<Platform.TaskOptions>()))
            .Callback((Platform.TaskName _, object _, Platform.TaskOptions options) => used = (Platform.SubOrchestrationOptions)options)
            .ReturnsAsync(2);

        await Context().CallSubOrchestratorAsync<int>(name, 1, new SubOrchestrationOptions(InstanceId: "child", Version: asked));

        Assert.Equal(("child", expected), (used!.InstanceId, used.Version!.Value.Version));
    }

    [Fact]
    public async Task CallSubOrchestrator_ThatFails_ThrowsTheContractsFailure()
    {
        var details = new Platform.TaskFailureDetails("System.Exception", "broken", null, null, null);
        _platform.Setup(context => context.CallSubOrchestratorAsync<int>("Other", 3, It.IsAny<Platform.SubOrchestrationOptions>()))
            .ThrowsAsync(new Platform.TaskFailedException("Other", 4, details));

        var failed = await Assert.ThrowsAsync<TaskFailedException>(() => Context().CallSubOrchestratorAsync<int>("Other", 3));

        Assert.Equal(("Other", 4, "broken"), (failed.TaskName, failed.TaskId, failed.FailureDetails.ErrorMessage));
    }

    [Fact]
    public async Task CallSubOrchestrator_IllegalId_IsRefusedBeforeThePlatformSeesIt() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Context().CallSubOrchestratorAsync("Run", 1, new SubOrchestrationOptions(InstanceId: "a/b")));

    public static TheoryData<DateTime, DateTime> Timers => new()
    {
        { DateTime.SpecifyKind(Now, DateTimeKind.Unspecified), Now.AddSeconds(1) },
        { Now.ToLocalTime(), Now.AddSeconds(1) },
        { DateTime.MaxValue, DateTime.MaxValue },
    };

    [Theory]
    [MemberData(nameof(Timers))]
    public async Task CreateTimer_IsAskedForInUtcAndASecondLater_SoThatADroppedFractionMakesItNoEarlier(DateTime asked, DateTime expected)
    {
        DateTime fireAt = default;
        _platform.Setup(context => context.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>()))
            .Callback((DateTime time, CancellationToken _) => fireAt = time)
            .Returns(Task.CompletedTask);

        await Context().CreateTimer(asked, CancellationToken.None);

        Assert.Equal((expected, DateTimeKind.Utc), (fireAt, fireAt.Kind));
    }

    [Fact]
    public async Task Waits_CancelledFromTheStart_NeverReachThePlatform()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAsync<TaskCanceledException>(() => Context().CreateTimer(Now, cancelled));
        await Assert.ThrowsAsync<TaskCanceledException>(() => Context().WaitForExternalEvent<int>("e", cancelled));
    }

    [Fact]
    public async Task Events_GoBothWays()
    {
        _platform.Setup(context => context.WaitForExternalEvent<string>("e", CancellationToken.None)).ReturnsAsync("got");
        _platform.Setup(context => context.SendEvent("to", "e", "payload"));

        Assert.Equal("got", await Context().WaitForExternalEvent<string>("e"));
        Context().SendEvent("to", "e", "payload");
        Assert.Throws<ArgumentException>(() => Context().SendEvent("@to", "e", "payload"));

        _platform.Verify(context => context.SendEvent("to", "e", "payload"), Times.Once);
    }

    [Fact]
    public void SetCustomStatus_BeyondTheLimit_IsRefusedBeforeThePlatformFailsTheInstance()
    {
        _platform.Setup(context => context.SetCustomStatus("short"));

        Context().SetCustomStatus("short");
        Assert.Throws<ArgumentException>(() => Context().SetCustomStatus(new string('x', CustomStatusLimit.MaxBytes)));

        _platform.Verify(context => context.SetCustomStatus(It.IsAny<object>()), Times.Once);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ContinueAsNew_PassesInputAndEventsOn(bool preserve)
    {
        _platform.Setup(context => context.ContinueAsNew(5, preserve));

        Context().ContinueAsNew(5, preserve);

        _platform.Verify(context => context.ContinueAsNew(5, preserve), Times.Once);
    }
}
