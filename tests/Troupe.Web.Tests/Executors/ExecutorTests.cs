using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Executors;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Executors;

public sealed class ExecutorTests
{
    [Fact]
    public async Task List_ThisProcess_IsAliveAndTellsItsTasks()
    {
        await using var app = await TestApp.StartAsync();
        using var working = app.Services.GetRequiredService<ExecutorWork>().Begin("r", "r:a");

        var reply = (await app.GetAsync("/api/v1/executors")).Expect(HttpStatusCode.OK);

        var one = Assert.Single(reply.Json.GetProperty("items").EnumerateArray());
        Assert.Equal(app.Services.GetRequiredService<ExecutorIdentity>().Id, one.GetProperty("id").GetString());
        Assert.True(one.GetProperty("alive").GetBoolean());
        Assert.Equal(1, one.GetProperty("busy").GetInt32());
        var task = Assert.Single(one.GetProperty("tasks").EnumerateArray());
        Assert.Equal(("r:a", "r"), (task.GetProperty("task_id").GetString(), task.GetProperty("workflow_id").GetString()));
    }

    [Fact]
    public async Task List_ProcessThatWasNotSeenForLong_IsNotAlive()
    {
        await using var app = await TestApp.StartAsync();
        var seen = app.Time.GetUtcNow() - ExecutorDirectory.Patience - TimeSpan.FromSeconds(1);
        var note = $$"""{"id":"dead","started_at":"{{seen:O}}","seen_at":"{{seen:O}}","busy":1,"tasks":[{"task_id":"r:a","run_id":"r","since":"{{seen:O}}"}]}""";
        await app.Stores.Settings.TryAddAsync(ExecutorHeartbeat.Kind, "dead", note, default);

        var items = (await app.GetAsync("/api/v1/executors")).Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray();

        var dead = Assert.Single(items, static one => one.GetProperty("id").GetString() == "dead");
        Assert.False(dead.GetProperty("alive").GetBoolean());
        Assert.Equal("r:a", dead.GetProperty("tasks")[0].GetProperty("task_id").GetString());
    }
}
