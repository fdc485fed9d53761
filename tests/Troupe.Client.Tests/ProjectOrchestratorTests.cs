using Troupe.Client.Projects;
using static Troupe.Client.Tests.ScriptedServer;

namespace Troupe.Client.Tests;

public sealed class ProjectOrchestratorTests
{
    private const string Launched = """{"workflow_id":"r","status":"queued"}""";
    private const string Done = """{"workflow_id":"r","status":"completed"}""";

    [Fact]
    public async Task ExecuteTask_Known_ReturnsItsResult()
    {
        await using var server = await StartAsync(Json(Launched, 202), Json(Done), Tasks("completed"), Result("the plan"));
        using var client = server.Connect();
        var project = new ProjectOrchestrator(client, new AgentTask("plan", "architect", "Plan {{this}}."));

        var result = await project.ExecuteTaskAsync("plan");

        Assert.True(result.Succeeded);
        Assert.Equal(("plan", "the plan", "r:t0"), (result.Name, result.Text, result.TaskId));
        Assert.Same(result, project.Results["plan"]);
        var sent = server.Requests[0].Json;
        Assert.Equal("Plan {{this}}.", sent.GetProperty("inputs").GetProperty("prompts").GetProperty("t0").GetString());
        Assert.Equal("{{inputs.prompts.t0}}", SentTask(server, 0).GetProperty("prompt").GetString());
    }

    [Fact]
    public async Task ExecuteTask_Unknown_ThrowsAndLaunchesNothing()
    {
        await using var server = await StartAsync();
        using var client = server.Connect();
        var project = new ProjectOrchestrator(client, new AgentTask("plan", "architect", "Plan."));

        var failure = await Assert.ThrowsAsync<UnknownTaskException>(() => project.ExecuteTaskAsync("plna"));

        Assert.Equal("plna", failure.TaskName);
        Assert.Contains("It has: plan.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteTask_NeedNotCompleted_ThrowsUntilItIs()
    {
        await using var server = await StartAsync(
            Json(Launched, 202), Json(Done), Tasks("completed"), Result("the plan"),
            Json(Launched, 202), Json(Done), Tasks("completed"), Result("the code"));
        using var client = server.Connect();
        var project = new ProjectOrchestrator(
            client, new AgentTask("plan", "architect", "Plan."), new AgentTask("build", "developer", "Build.") { Needs = ["plan"] });

        var failure = await Assert.ThrowsAsync<UnmetDependencyException>(() => project.ExecuteTaskAsync("build"));
        Assert.Equal(["plan"], failure.Missing);
        await project.ExecuteTaskAsync("plan");
        var built = await project.ExecuteTaskAsync("build");

        Assert.Equal("the code", built.Text);
        Assert.Equal("Build.\n\nplan:\n\nthe plan", server.Requests[4].Json.GetProperty("inputs").GetProperty("prompts").GetProperty("t0").GetString());
    }

    [Fact]
    public async Task ExecuteTasksParallel_NeedsWithinTheCall_BecomeNeedsOfTheRun()
    {
        await using var server = await StartAsync(Json(Launched, 202), Json(Done), Tasks("completed", "completed"), Result("x"), Result("y"));
        using var client = server.Connect();
        var project = new ProjectOrchestrator(client);

        var results = await project.ExecuteTasksParallelAsync(
            [new AgentTask("build", "developer", "Build.") { Needs = ["the plan"] }, new AgentTask("the plan", "architect", "Plan.")], maxConcurrency: 3);

        Assert.Equal(["build", "the plan"], results.Select(static result => result.Name));
        Assert.Equal(["t1"], SentTask(server, 0).GetProperty("needs").EnumerateArray().Select(static need => need.GetString()));
        Assert.Equal("{{inputs.prompts.t0}}\n\n{{inputs.names.t1}}:\n\n{{tasks.t1.result}}", SentTask(server, 0).GetProperty("prompt").GetString());
        Assert.Equal("the plan", server.Requests[0].Json.GetProperty("inputs").GetProperty("names").GetProperty("t1").GetString());
        Assert.Equal(3, server.Requests[0].Json.GetProperty("options").GetProperty("max_concurrency").GetInt32());
    }

    [Fact]
    public async Task ExecuteTasksParallel_OneFails_IsAResultInItsPlace()
    {
        await using var server = await StartAsync(
            Json(Launched, 202), Json("""{"workflow_id":"r","status":"failed"}"""), Tasks("completed", "failed", "skipped"), Result("fine"));
        using var client = server.Connect();

        var results = await new ProjectOrchestrator(client).ExecuteTasksParallelAsync(
            [new AgentTask("a", "x", "1"), new AgentTask("b", "y", "2"), new AgentTask("c", "z", "3") { Needs = ["b"] }]);

        Assert.Equal([WorkStatus.Completed, WorkStatus.Failed, WorkStatus.Skipped], results.Select(static result => result.Status));
        Assert.Equal(("fine", "", "it broke"), (results[0].Text, results[1].Text, results[1].Error?.Message));
    }

    [Fact]
    public async Task ExecuteTasksParallel_NamesOfTheProject_AreFound()
    {
        await using var server = await StartAsync(Json(Launched, 202), Json(Done), Tasks("completed", "completed"), Result("x"), Result("x"));
        using var client = server.Connect();
        var project = new ProjectOrchestrator(client, new AgentTask("a", "x", "1") { Options = new LaunchOptions { MaxRetries = 0 } }, new AgentTask("b", "y", "2"));

        var results = await project.ExecuteTasksParallelAsync(["b", "a"]);

        Assert.Equal(["b", "a"], results.Select(static result => result.Name));
        Assert.Equal("y", SentTask(server, 0).GetProperty("agent").GetString());
        Assert.Equal(0, SentTask(server, 1).GetProperty("max_retries").GetInt32());
    }

    [Fact]
    public async Task ExecuteTasksParallel_Circle_Throws()
    {
        await using var server = await StartAsync();
        using var client = server.Connect();

        var failure = await Assert.ThrowsAsync<UnmetDependencyException>(() => new ProjectOrchestrator(client).ExecuteTasksParallelAsync(
            [new AgentTask("free", "x", "0"), new AgentTask("a", "x", "1") { Needs = ["b", "free"] }, new AgentTask("b", "x", "2") { Needs = ["a"] }]));

        Assert.Equal(("a", "b"), (failure.TaskName, failure.Missing.Single()));
    }

    [Fact]
    public async Task ExecuteTasksParallel_BadCalls_AreRefusedBeforeAnythingIsSent()
    {
        await using var server = await StartAsync();
        using var client = server.Connect();
        var project = new ProjectOrchestrator(client);

        Assert.Empty(await project.ExecuteTasksParallelAsync(Array.Empty<AgentTask>()));
        await Assert.ThrowsAsync<ArgumentException>(() => project.ExecuteTasksParallelAsync([new AgentTask("a", "x", "1"), new AgentTask("a", "x", "2")]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => project.ExecuteTasksParallelAsync([new AgentTask("a", "x", "1")], maxConcurrency: 0));
    }

    [Fact]
    public async Task ExecuteTask_Cancelled_CancelsTheRunToo()
    {
        using var stop = new CancellationTokenSource();
        await using var server = await StartAsync(
            Json(Launched, 202),
            async context =>
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
            Problem(409, """{"title":"Conflict","status":409}"""));
        using var client = server.Connect();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new ProjectOrchestrator(client).ExecuteTaskAsync(new AgentTask("a", "x", "1"), stop.Token));

        Assert.Equal("/api/v1/workflows/r/cancel", server.Requests[2].PathAndQuery);
    }

    private static System.Text.Json.JsonElement SentTask(ScriptedServer server, int index) =>
        server.Requests[0].Json.GetProperty("workflow").GetProperty("phases")[0].GetProperty("tasks")[index];

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Tasks(params string[] statuses) =>
        Json($$"""{"items":[{{string.Join(',', statuses.Select(static (status, index) =>
            $$"""{"task_id":"r:t{{index}}","workflow_id":"r","status":"{{status}}"{{(status == "failed" ? ",\"error\":{\"kind\":\"bug\",\"message\":\"it broke\"}" : "")}}}"""))}}]}""");

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Result(string text) =>
        Json($$"""{"task_id":"r:t","workflow_id":"r","status":"completed","result":"{{text}}","result_type":"summary"}""");
}
