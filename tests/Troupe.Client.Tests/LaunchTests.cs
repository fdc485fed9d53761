using System.Text.Json;
using static Troupe.Client.Tests.ScriptedServer;

namespace Troupe.Client.Tests;

public sealed class LaunchTests
{
    private const string Accepted = """
        {"task_id":"r1:task","workflow_id":"r1","status":"queued","estimated_duration":42,"check_status_url":"http://h/api/v1/tasks/r1:task/status",
         "message":"Task r1 queued for execution","durable":{"id":"r1","statusQueryGetUri":"http://h/q"}}
        """;

    [Fact]
    public async Task ScheduleTask_Accepted_ReadsTheAnswer()
    {
        await using var server = await StartAsync(Json(Accepted, 202));
        using var client = server.Connect();

        var launched = await client.ScheduleTaskAsync("echo", "hello");

        Assert.Equal(("r1:task", "r1", WorkStatus.Queued), (launched.TaskId, launched.WorkflowId, launched.Status));
        Assert.Equal(TimeSpan.FromSeconds(42), launched.EstimatedDuration);
        Assert.Equal("http://h/q", launched.Durable!.StatusQueryGetUri);
    }

    [Fact]
    public async Task ScheduleTask_WithOptions_SendsSnakeCaseAndSeconds()
    {
        await using var server = await StartAsync(Json(Accepted, 202));
        using var client = server.Connect();
        var options = new LaunchOptions { Timeout = TimeSpan.FromSeconds(90), MaxRetries = 1, Tags = ["nightly"], Budget = new LaunchBudget(Usd: 0.5m) };

        await client.ScheduleTaskAsync(new TaskRequest("echo", "hello") { Title = "Greet", Id = "mine", Options = options });

        var sent = server.Requests.Single();
        Assert.Equal(("POST", "/api/v1/tasks"), (sent.Method, sent.PathAndQuery));
        Assert.Equal(
            """{"agent":"echo","prompt":"hello","title":"Greet","id":"mine","options":{"timeout":90,"max_retries":1,"budget":{"usd":0.5},"tags":["nightly"]}}""",
            sent.Body);
    }

    [Fact]
    public async Task ScheduleTask_ConnectionCut_IsRepeatedWithTheSameKey()
    {
        await using var server = await StartAsync(Cut, Cut, Json(Accepted, 202));
        using var client = server.Connect();

        await client.ScheduleTaskAsync("echo", "hello");

        var keys = server.Requests.Select(static request => request.Headers["Idempotency-Key"]).ToList();
        Assert.Equal(3, keys.Count);
        Assert.Single(keys.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ScheduleTask_Twice_UsesDifferentKeys()
    {
        await using var server = await StartAsync(Json(Accepted, 202), Json(Accepted, 202));
        using var client = server.Connect();

        await client.ScheduleTaskAsync("echo", "hello");
        await client.ScheduleTaskAsync("echo", "hello");

        Assert.NotEqual(server.Requests[0].Headers["Idempotency-Key"], server.Requests[1].Headers["Idempotency-Key"]);
    }

    [Fact]
    public async Task LaunchWorkflow_ByName_SendsInputs()
    {
        await using var server = await StartAsync(Json(Accepted, 202));
        using var client = server.Connect();
        var inputs = new Dictionary<string, JsonElement> { ["diff"] = JsonElement.Parse("\"+ a\""), ["depth"] = JsonElement.Parse("3") };

        await client.LaunchWorkflowAsync(new WorkflowRequest("review-pr") { Inputs = inputs }, "my-key");

        var sent = server.Requests.Single();
        Assert.Equal("my-key", sent.Headers["Idempotency-Key"]);
        Assert.Equal("review-pr", sent.Json.GetProperty("workflow").GetString());
        Assert.Equal(3, sent.Json.GetProperty("inputs").GetProperty("depth").GetInt32());
    }

    [Fact]
    public async Task Estimate_Workflow_IsRead()
    {
        await using var server = await StartAsync(Json("""{"estimated_duration":90.5,"critical_path":["a","b"],"tasks":3,"agents_without_history":[]}"""));
        using var client = server.Connect();

        var estimate = await client.EstimateAsync(new WorkflowRequest("x"));

        Assert.Equal((TimeSpan.FromSeconds(90.5), 3), (estimate.EstimatedDuration, estimate.Tasks));
        Assert.Equal(["a", "b"], estimate.CriticalPath);
    }

    [Fact]
    public async Task LaunchBatch_TwoTasks_KeepsTheirOrder()
    {
        await using var server = await StartAsync(Json("""{"workflow_id":"r","status":"queued","tasks":[{"task_id":"r:1","status":"queued"},{"task_id":"r:2","status":"queued"}]}""", 202));
        using var client = server.Connect();

        var launched = await client.LaunchBatchAsync(new BatchRequest([new("a", "1"), new("b", "2")]));

        Assert.Equal(["r:1", "r:2"], launched.Tasks!.Select(static task => task.TaskId));
        Assert.Equal("/api/v1/batches", server.Requests.Single().PathAndQuery);
        Assert.Equal(["a", "b"], server.Requests.Single().Json.GetProperty("tasks").EnumerateArray().Select(static task => task.GetProperty("agent").GetString()));
    }

    [Fact]
    public async Task Validate_Problems_AreReported()
    {
        await using var server = await StartAsync(Json("""{"valid":false,"problems":[{"detail":"Unknown agent","pointer":"/phases/0/tasks/0/agent"}]}"""));
        using var client = server.Connect();

        var report = await client.ValidateAsync(new WorkflowRequest("x"));

        Assert.False(report.Valid);
        Assert.Equal("/phases/0/tasks/0/agent", report.Problems.Single().Pointer);
    }
}
