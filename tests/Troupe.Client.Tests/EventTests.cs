using static Troupe.Client.Tests.ScriptedServer;

namespace Troupe.Client.Tests;

public sealed class EventTests
{
    private const string Started = "id: 1\nevent: run.started\ndata: {\"workflow_id\":\"r\",\"sequence\":1,\"type\":\"run.started\",\"time\":\"2030-01-01T00:00:00Z\",\"data\":{\"n\":1}}";
    private const string TaskStarted = "id: 2\nevent: task.started\ndata: {\"workflow_id\":\"r\",\"sequence\":2,\"type\":\"task.started\",\"task_id\":\"r:a\",\"data\":{}}";
    private const string Completed = "id: 3\nevent: run.completed\ndata: {\"workflow_id\":\"r\",\"sequence\":3,\"type\":\"run.completed\",\"data\":{}}";

    [Fact]
    public async Task Events_StreamEndsEarly_ResumesAfterTheLastSeen()
    {
        await using var server = await StartAsync(Events(Started, ": still here", TaskStarted), Cut, Events(Completed));
        using var client = server.Connect();

        var told = await client.EventsAsync("r").ToListAsync();

        Assert.Equal(["run.started", "task.started", "run.completed"], told.Select(static happened => happened.Type));
        Assert.Equal([1, 2, 3], told.Select(static happened => happened.Sequence));
        Assert.Equal("r:a", told[1].TaskId);
        Assert.False(server.Requests[0].Headers.ContainsKey("Last-Event-ID"));
        Assert.Equal("2", server.Requests[2].Headers["Last-Event-ID"]);
    }

    [Fact]
    public async Task Events_ConnectionCut_ResumesAfterTheLastSeen()
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StartAsync(EventsThenCut(seen.Task, Started, TaskStarted), Events(Completed));
        using var client = server.Connect();

        var told = new List<long>();
        await foreach (var happened in client.EventsAsync("r"))
        {
            told.Add(happened.Sequence);
            if (happened.Sequence == 2)
                seen.SetResult();
        }

        Assert.Equal([1, 2, 3], told);
        Assert.Equal("2", server.Requests[1].Headers["Last-Event-ID"]);
    }

    [Fact]
    public async Task Events_NothingWillFollow_Ends()
    {
        await using var server = await StartAsync(Text("", 204));
        using var client = server.Connect();

        Assert.Empty(await client.EventsAsync("r", afterId: "3").ToListAsync());
        Assert.Equal("3", server.Requests.Single().Headers["Last-Event-ID"]);
    }

    [Fact]
    public async Task Events_UnknownRun_Throws()
    {
        await using var server = await StartAsync(Problem(404, """{"title":"Not Found","status":404}"""));
        using var client = server.Connect();

        await Assert.ThrowsAsync<TroupeApiException>(async () => await client.EventsAsync("ghost").ToListAsync());
    }

    [Fact]
    public async Task AllEvents_RunCompleted_GoesOn()
    {
        await using var server = await StartAsync(Events(Completed), Events(Started));
        using var client = server.Connect();

        var told = await client.AllEventsAsync("0").Take(2).ToListAsync();

        Assert.Equal(["run.completed", "run.started"], told.Select(static happened => happened.Type));
        Assert.Equal("3", server.Requests[1].Headers["Last-Event-ID"]);
    }

    [Fact]
    public async Task Events_Cancelled_Ends()
    {
        await using var server = await StartAsync(async context =>
        {
            await Events(Started)(context);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var client = server.Connect();
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in client.EventsAsync("r", cancellationToken: stop.Token))
                await stop.CancelAsync();
        });
    }
}
