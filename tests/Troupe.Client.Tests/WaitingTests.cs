using Troupe.Testing;
using static Troupe.Client.Tests.ScriptedServer;

namespace Troupe.Client.Tests;

public sealed class WaitingTests
{
    [Fact]
    public async Task Wait_ServerHoldsTheRequest_EndsWithTheRun()
    {
        await using var server = await StartAsync(Json("""{"workflow_id":"r","status":"completed"}"""));
        using var client = server.Connect();

        Assert.Equal(WorkStatus.Completed, (await client.WaitAsync("r")).Status);
        Assert.Equal("/api/v1/workflows/r?wait=30s", server.Requests.Single().PathAndQuery);
    }

    [Fact]
    public async Task WaitForTask_ServerAnswersAtOnce_IsNotAskedInATightLoop()
    {
        await using var server = await StartAsync(
            Json("""{"task_id":"t","workflow_id":"r","status":"running"}"""),
            Json("""{"task_id":"t","workflow_id":"r","status":"failed"}"""));
        var time = new ManualTimeProvider();
        using var client = server.Connect(new TroupeClientOptions { Time = time, LongPoll = TimeSpan.FromSeconds(1.5) });

        var waiting = client.WaitForTaskAsync("t");
        while (time.ActiveTimers == 0)
            await Task.Yield();
        Assert.Single(server.Requests);
        time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Equal(WorkStatus.Failed, (await waiting).Status);
        Assert.Equal("/api/v1/tasks/t/status?wait=1.5s", server.Requests[1].PathAndQuery);
    }
}
