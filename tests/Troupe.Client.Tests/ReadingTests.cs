using System.Text;
using System.Text.Json;
using static Troupe.Client.Tests.ScriptedServer;

namespace Troupe.Client.Tests;

public sealed class ReadingTests
{
    [Fact]
    public async Task Workflows_TwoPages_FollowsTheCursor()
    {
        await using var server = await StartAsync(
            Json("""{"items":[{"workflow_id":"b","status":"running"}],"cursor":"c 1"}"""),
            Json("""{"items":[{"workflow_id":"a","status":"failed"}]}"""));
        using var client = server.Connect();
        var filter = new WorkflowFilter { Status = WorkStatus.Running, Tag = "x&y", CreatedFrom = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), PageSize = 1 };

        var runs = await client.WorkflowsAsync(filter).ToListAsync();

        Assert.Equal(["b", "a"], runs.Select(static run => run.WorkflowId));
        Assert.Equal("/api/v1/workflows?status=running&tag=x%26y&created_from=2030-01-02T02%3A04%3A05.000Z&limit=1", server.Requests[0].PathAndQuery);
        Assert.EndsWith("&cursor=c%201", server.Requests[1].PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workflows_FirstItemsOnly_FetchesOnePage()
    {
        await using var server = await StartAsync(Json("""{"items":[{"workflow_id":"b","status":"running"}],"cursor":"more"}"""));
        using var client = server.Connect();

        Assert.Equal("b", (await client.WorkflowsAsync().FirstAsync()).WorkflowId);
    }

    [Fact]
    public async Task Tasks_Run_AreReadInOrder()
    {
        await using var server = await StartAsync(Json("""
            {"items":[{"task_id":"r:a","workflow_id":"r","key":"a","status":"completed","usage":{"input_tokens":10,"output_tokens":5,"cost_usd":0.01}},
                      {"task_id":"r:b","workflow_id":"r","key":"b","status":"retrying","next_retry_at":"2030-01-01T00:00:00Z",
                       "error":{"kind":"rate_limited","message":"slow down","retryable":true,"retry_after":3}}]}
            """));
        using var client = server.Connect();

        var tasks = await client.TasksAsync("r").ToListAsync();

        Assert.Equal(new UsageInfo(10, 5, 0.01m), tasks[0].Usage);
        Assert.Equal(new FailureInfo("rate_limited", "slow down", Retryable: true, TimeSpan.FromSeconds(3)), tasks[1].Error);
    }

    [Theory]
    [InlineData("\"some text\"", "some text")]
    [InlineData("{\"a\": 1}", "{\"a\": 1}")]
    [InlineData("null", "")]
    public async Task TaskResult_AnyResult_HasText(string result, string text)
    {
        await using var server = await StartAsync(Json($$"""{"task_id":"r:a","workflow_id":"r","status":"completed","result":{{result}},"files_created":[{"path":"a/b.md"}]}"""));
        using var client = server.Connect();

        var found = await client.TaskResultAsync("r:a");

        Assert.Equal(text, found.ResultText);
        Assert.Equal("a/b.md", found.FilesCreated.Single().Path);
        Assert.Equal("/api/v1/tasks/r:a/result", server.Requests.Single().PathAndQuery);
    }

    [Fact]
    public async Task Catalogs_Lists_AreRead()
    {
        await using var server = await StartAsync(
            Json("""{"items":[{"name":"echo","version":"1"}],"problems":[]}"""),
            Json("""{"name":"echo","model":"opus"}"""),
            Json("""{"items":[{"name":"deploy"}]}"""),
            Json("""{"name":"deploy","inputs":[{"name":"version","type":"string","required":true}]}"""),
            Json("""{"items":[{"id":"r:gate","title":"Go?","status":"pending"}]}"""));
        using var client = server.Connect();

        Assert.Equal("echo", (await client.AgentsAsync().SingleAsync()).Name);
        Assert.Equal("opus", (await client.AgentAsync("team/echo.md")).Model);
        Assert.Equal("deploy", (await client.DefinitionsAsync().SingleAsync()).Name);
        Assert.True((await client.DefinitionAsync("deploy")).Inputs.Single().Required);
        Assert.Equal("Go?", (await client.ApprovalsAsync().SingleAsync()).Title);
        Assert.Equal("/api/v1/agents/team%2Fecho.md", server.Requests[1].PathAndQuery);
        Assert.Equal("/api/v1/approvals?status=pending", server.Requests[4].PathAndQuery);
    }

    [Fact]
    public async Task Executors_TwoProcesses_AreReadWithTheirTasks()
    {
        await using var server = await StartAsync(Json("""
            {"items":[{"id":"host-1","alive":false,"started_at":"2030-01-01T00:00:00Z","seen_at":"2030-01-01T00:01:00Z","busy":1,
                       "tasks":[{"task_id":"r:a","workflow_id":"r","since":"2030-01-01T00:00:30Z"}]},
                      {"id":"host-2","alive":true,"started_at":"2030-01-01T00:00:00Z","seen_at":"2030-01-01T00:03:00Z","busy":0,"tasks":[]}]}
            """));
        using var client = server.Connect();

        var executors = await client.ExecutorsAsync().ToListAsync();

        Assert.Equal([("host-1", false, 1), ("host-2", true, 0)], executors.Select(static one => (one.Id, one.Alive, one.Busy)));
        Assert.Equal(new ExecutorTaskInfo("r:a", "r", new DateTimeOffset(2030, 1, 1, 0, 0, 30, TimeSpan.Zero)), executors[0].Tasks.Single());
        Assert.Equal(TimeSpan.FromMinutes(3), executors[1].SeenAt - executors[1].StartedAt);
        Assert.Equal("/api/v1/executors", server.Requests.Single().PathAndQuery);
    }

    [Fact]
    public async Task Commands_Run_AreSentWithTheirReason()
    {
        await using var server = await StartAsync(Text("", 202), Text("", 202), Text("", 202), Json("""{"id":"g","status":"rejected"}"""), Text("", 202),
            Json("""{"workflow_id":"r2","status":"queued"}""", 202));
        using var client = server.Connect();

        await client.CancelAsync("r", "enough");
        await client.PauseAsync("r");
        await client.ResumeAsync("r");
        Assert.Equal("rejected", (await client.DecideAsync("g", approve: false, "no")).Status);
        await client.CallbackAsync("r", "ci-done", JsonElement.Parse("{\"ok\":true}"), "delivery-1");
        Assert.Equal("r2", (await client.RerunAsync("r")).WorkflowId);

        Assert.Equal(
            ["/api/v1/workflows/r/cancel {\"reason\":\"enough\"}", "/api/v1/workflows/r/pause {}", "/api/v1/workflows/r/resume {}",
             "/api/v1/approvals/g {\"decision\":\"reject\",\"comment\":\"no\"}", "/api/v1/workflows/r/callbacks/ci-done {\"ok\":true}",
             "/api/v1/workflows/r/rerun {\"from\":\"failed\"}"],
            server.Requests.Select(static request => $"{request.PathAndQuery} {request.Body}"));
        Assert.Equal("delivery-1", server.Requests[4].Headers["Idempotency-Key"]);
    }

    [Fact]
    public async Task Artifacts_UploadAndDownload_CarryTheBytes()
    {
        await using var server = await StartAsync(Json("""{"hash":"ab","length":5,"media_type":"text/plain"}""", 201), Text("hello"), Text("file"));
        using var client = server.Connect();

        using var content = new MemoryStream(Encoding.UTF8.GetBytes("hello"));
        Assert.Equal(new ArtifactInfo("ab", 5, "text/plain"), await client.UploadArtifactAsync(content, "text/plain"));
        Assert.Equal("hello", await TextOf(await client.DownloadArtifactAsync("ab")));
        Assert.Equal("file", await TextOf(await client.DownloadTaskFileAsync("r:a", "docs/read me.md")));

        Assert.Equal(("hello", "text/plain"), (server.Requests[0].Body, server.Requests[0].Headers["Content-Type"]));
        Assert.Equal("/api/v1/tasks/r:a/artifacts/docs/read%20me.md", server.Requests[2].PathAndQuery);
    }

    private static async Task<string> TextOf(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
