using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Troupe.Functions.Adapter;
using Troupe.Testing;
using Platform = Microsoft.DurableTask;

namespace Troupe.Functions.Tests.Adapter;

public sealed class InstanceTreeTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Mock<DurableTaskClient> _platform = new(MockBehavior.Strict, "hub");
    private readonly List<string> _told = [];
    private int _listings;

    private InstanceTree Tree => new(_time, NullLogger<InstanceTree>.Instance);

    [Fact]
    public async Task Terminate_ChildThatBeginsMeanwhile_IsToldToo()
    {
        Lists(["run:a"], ["run:a", "run:b"], [], [], []);

        await DriveAsync(Tree.TerminateAsync(_platform.Object, "run", TellAsync, CancellationToken.None));

        Assert.Equal(["run", "run:a", "run:b"], _told);
        Assert.Equal(4, _listings);
    }

    [Fact]
    public async Task Terminate_NothingBelow_LooksTwiceWithAPauseBetween()
    {
        Lists([], []);
        var terminated = Tree.TerminateAsync(_platform.Object, "run", TellAsync, CancellationToken.None);

        Assert.False(terminated.IsCompleted);
        Assert.Equal(1, _listings);
        await DriveAsync(terminated);

        Assert.Equal(["run"], _told);
        Assert.Equal(2, _listings);
    }

    [Fact]
    public async Task Terminate_ChildThatNeverEnds_IsToldOnceAndGivenUpAfterThePatience()
    {
        Lists(["run:a"]);
        var started = _time.GetUtcNow();

        await DriveAsync(Tree.TerminateAsync(_platform.Object, "run", TellAsync, CancellationToken.None));

        Assert.Equal(["run", "run:a"], _told);
        Assert.InRange(_time.GetUtcNow() - started, InstanceTree.Patience, InstanceTree.Patience + TimeSpan.FromSeconds(5));
        Assert.InRange(_listings, 5, 25);
    }

    [Fact]
    public async Task Purge_DeletesChildrenBeforeTheParent_AndCountsAll()
    {
        Lists(["run:a", "run:b"]);
        _platform.Setup(client => client.PurgeInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((string id, CancellationToken _) =>
            {
                lock (_told)
                    _told.Add(id);
                return new PurgeResult(1);
            });

        Assert.Equal(3, await InstanceTree.PurgeAsync(_platform.Object, "run", CancellationToken.None));
        Assert.Equal("run", _told[^1]);
    }

    /// <summary>What each listing finds; the last one answers for all after it.</summary>
    private void Lists(params string[][] found) => _platform
        .Setup(client => client.GetAllInstancesAsync(It.Is<OrchestrationQuery>(query => query.InstanceIdPrefix == "run:")))
        .Returns(() => Platform.Pageable.Create<OrchestrationMetadata>((_, _, _) =>
        {
            var ids = found[Math.Min(_listings++, found.Length - 1)];
            return Task.FromResult(new Platform.Page<OrchestrationMetadata>([.. ids.Select(static id => new OrchestrationMetadata("Run", id))]));
        }));

    private Task TellAsync(string id)
    {
        lock (_told)
            _told.Add(id);
        return Task.CompletedTask;
    }

    private async Task DriveAsync(Task walk)
    {
        // Only while it waits does time go on, so that its length is exact.
        while (!walk.IsCompleted)
        {
            if (_time.ActiveTimers > 0)
                _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        await walk;
    }
}
