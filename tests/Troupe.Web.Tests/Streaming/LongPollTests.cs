using System.Net;
using System.Threading.Channels;
using Troupe.Core.Records;
using Troupe.Testing;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Streaming;

/// <summary>What a waiting reader costs the store: a look at the run or the task for each of the run's events, and its sums once (A6).</summary>
public sealed class LongPollTests : IAsyncLifetime
{
    private const string GetRun = nameof(IRunStore.GetRunAsync);
    private const string GetTask = nameof(IRunStore.GetTaskAsync);
    private const string Totals = nameof(IRunStore.GetTotalsAsync);
    private const string Estimate = nameof(IRunStore.EstimateDurationAsync);

    private readonly Channel<string> _calls = Channel.CreateUnbounded<string>();
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(services: services => Watched<IRunStore>.Replace(services, call => _calls.Writer.TryWrite(call)));
        await _app.RunAsync("r", WorkStatus.Running, null, _app.Task("r", "task", WorkStatus.Running));
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Run_NothingHappens_IsReadAtTheBeginningAndAtTheEnd()
    {
        var answer = _app.GetAsync("/api/v1/workflows/r?wait=60s");
        await CalledAsync(GetRun);
        for (var second = 0; second < 60; second++)
            _app.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("running", (await answer).Expect(HttpStatusCode.OK).Get("status"));
        await CalledAsync(GetRun, Totals);
        AssertNoMore();
    }

    [Fact]
    public async Task Run_SomethingHappens_IsReadOnceForEachEvent_AndSummedOnce()
    {
        var answer = _app.GetAsync("/api/v1/workflows/r?wait=60s");
        await CalledAsync(GetRun);
        for (var i = 0; i < 5; i++)
        {
            await _app.AppendAsync("r", Seed.Event("task.progress"));
            await CalledAsync(GetRun);
            _app.Time.Advance(TimeSpan.FromSeconds(5));
        }

        await _app.EndAsync("r", WorkStatus.Completed, "run.completed");
        Assert.Equal("completed", (await answer).Expect(HttpStatusCode.OK).Get("status"));
        await CalledAsync(GetRun, GetRun, Totals);
        AssertNoMore();
    }

    [Fact]
    public async Task Task_SomethingHappens_IsReadOnceForEachEvent_AndEstimatedTwice()
    {
        var answer = _app.GetAsync("/api/v1/tasks/r:task/status?wait=60s");
        await CalledAsync(GetTask, Estimate, GetTask);
        for (var i = 0; i < 5; i++)
        {
            await _app.ChangeTaskAsync("r:task", task => task with { CurrentStep = $"{i}" });
            await CalledAsync(GetTask);
        }

        for (var second = 0; second < 60; second++)
            _app.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("4", (await answer).Expect(HttpStatusCode.OK).Json.GetProperty("progress").GetProperty("current_step").GetString());
        await CalledAsync(GetTask, Estimate);
        AssertNoMore();
    }

    /// <summary>The next calls of the store, once they are made. An event after the last of them wakes the reader once more.</summary>
    private async Task CalledAsync(params string[] expected)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        foreach (var call in expected)
            Assert.Equal(call, await _calls.Reader.ReadAsync(patience.Token));
    }

    private void AssertNoMore() => Assert.False(_calls.Reader.TryRead(out var call), $"{call} was called, too.");
}
