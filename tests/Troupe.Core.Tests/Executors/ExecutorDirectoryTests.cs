using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Core.Executors;
using Troupe.Core.Records;
using Troupe.Testing;
using Troupe.Testing.Stores.InMemory;

namespace Troupe.Core.Tests.Executors;

public sealed class ExecutorDirectoryTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ISettingStore _settings = new InMemoryStores().Settings;

    [Fact]
    public async Task List_ThisProcess_IsNamedWithWhatItWorksOnNow()
    {
        var self = Work("self");
        var directory = new ExecutorDirectory(_settings, self, _time);
        var since = _time.GetUtcNow();
        var first = self.Begin("r", "r:a");
        _time.Advance(TimeSpan.FromSeconds(1));
        using var second = self.Begin("r", "r:b");

        var before = Assert.Single(await directory.ListAsync(default));
        first.Dispose();
        var after = Assert.Single(await directory.ListAsync(default));

        Assert.Equal(new ExecutorTask("r:a", "r", since), before.Tasks[0]);
        Assert.Equal(["r:a", "r:b"], before.Tasks.Select(static task => task.TaskId));
        Assert.Equal((2, 1), (before.Busy, after.Busy));
        Assert.Equal("r:b", Assert.Single(after.Tasks).TaskId);
    }

    [Fact]
    public async Task List_ProcessThatWasKilled_IsDeadAndItsTasksAreNamed()
    {
        var killed = Work("killed");
        using var working = killed.Begin("r", "r:a");
        using (var heartbeat = new ExecutorHeartbeat(_settings, killed, _time, NullLogger<ExecutorHeartbeat>.Instance))
        {
            _ = heartbeat.StartAsync(default);
            while (await _settings.GetAsync(ExecutorHeartbeat.Kind, "killed", default) is null)
                await Task.Yield();
        }

        var directory = new ExecutorDirectory(_settings, Work("self"), _time);
        Assert.All(await directory.ListAsync(default), executor => Assert.True(directory.IsAlive(executor)));
        _time.Advance(ExecutorDirectory.Patience + TimeSpan.FromSeconds(1));

        var executors = await directory.ListAsync(default);

        Assert.Equal([("killed", false), ("self", true)], executors.Select(executor => (executor.Id, directory.IsAlive(executor))));
        Assert.Equal("r:a", Assert.Single(executors[0].Tasks).TaskId);
    }

    [Fact]
    public void Now_VeryMuchWork_TellsTheLongestOnly()
    {
        var self = Work("self");
        for (var n = 0; n < 150; n++)
        {
            _ = self.Begin("r", $"r:{n}");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var now = self.Now();

        Assert.Equal(150, now.Busy);
        Assert.Equal(Enumerable.Range(0, 100).Select(static n => $"r:{n}"), now.Tasks.Select(static task => task.TaskId));
    }

    private ExecutorWork Work(string id) => new(new ExecutorIdentity(id), _time);
}
