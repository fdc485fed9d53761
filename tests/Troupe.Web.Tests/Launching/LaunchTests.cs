using System.Net;
using System.Text;
using System.Text.Json;
using Troupe.Core.Records;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Launching;

public sealed class LaunchTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Task_Accepted_AnswersEverythingAtOnce()
    {
        var reply = (await _app.PostAsync("/api/v1/tasks", """{"agent":"reviewer","prompt":"Look","title":"T","id":"my.run"}""")).Expect(HttpStatusCode.Accepted);

        Assert.Equal("my.run:task", reply.Get("task_id"));
        Assert.Equal("my.run", reply.Get("workflow_id"));
        Assert.Equal("queued", reply.Get("status"));
        Assert.Equal(JsonValueKind.Null, reply.Json.GetProperty("estimated_duration").ValueKind);
        Assert.Equal("http://localhost/api/v1/tasks/my.run:task/status", reply.Get("check_status_url"));
        Assert.Equal("Task my.run:task queued for execution", reply.Get("message"));
        Assert.Equal(reply.Get("check_status_url"), reply.Header("Location"));
        Assert.Equal("1", reply.Header("Retry-After"));
        var durable = reply.Json.GetProperty("durable");
        Assert.Equal("my.run", durable.GetProperty("id").GetString());
        Assert.Equal("http://localhost/api/v1/durable/instances/my.run", durable.GetProperty("statusQueryGetUri").GetString());
        Assert.Equal(("start", "my.run", "WorkflowOrchestrator"), Assert.Single(_app.Engine.Calls));
    }

    [Fact]
    public async Task Task_AgentWithHistory_EstimatesFromIt()
    {
        var start = _app.Time.GetUtcNow();
        await _app.RunAsync("old", WorkStatus.Completed, null, _app.Task("old", "task", WorkStatus.Running, task => task with { Agent = "reviewer", StartedAt = start }));
        await _app.ChangeTaskAsync("old:task", task => task with { Status = WorkStatus.Completed, CompletedAt = start.AddSeconds(42) });
        var reply = (await _app.PostAsync("/api/v1/tasks", """{"agent":"reviewer","prompt":"Look"}""")).Expect(HttpStatusCode.Accepted);
        Assert.Equal(42, reply.Json.GetProperty("estimated_duration").GetDouble());
        Assert.Equal("10", reply.Header("Retry-After"));
    }

    [Fact]
    public async Task Task_PublicUrl_IsTheBaseOfAllAddresses()
    {
        await using var app = await TestApp.StartAsync(options => options.PublicUrl = new Uri("https://troupe.example.org/base/"));
        var reply = await app.PostAsync("/api/v1/tasks", """{"prompt":"x","id":"a"}""");
        Assert.Equal("https://troupe.example.org/base/api/v1/tasks/a:task/status", reply.Header("Location"));
    }

    [Fact]
    public async Task Task_AllOptions_AreKept()
    {
        const string body = """
            {"agent":"reviewer","prompt":"x","id":"o","options":{"timeout":"90s","max_retries":1,"retry_backoff":"linear","priority":"high",
            "callback_url":"https://example.org/x","on_completion":{"launch":{"agent":"generalist","prompt":"{{result}}"}},"on_failure":"continue",
            "max_concurrency":3,"budget":{"usd":1.5,"tokens":1000,"time":"2h"},"tags":["a","b"],"metadata":{"k":[1]},"mode":"hybrid",
            "use_direct_llm":false,"start_after":5}}
            """;
        (await _app.PostAsync("/api/v1/tasks", body)).Expect(HttpStatusCode.Accepted);
        var options = (await _app.GetAsync("/api/v1/workflows/o")).Json.GetProperty("options");
        Assert.Equal(90, options.GetProperty("timeout").GetDouble());
        Assert.Equal("high", options.GetProperty("priority").GetString());
        Assert.Equal(1.5, options.GetProperty("budget").GetProperty("usd").GetDouble());
        Assert.Equal("continue", options.GetProperty("on_failure").GetString());
        Assert.Equal("launch", options.GetProperty("on_completion").GetProperty("action").GetString());
    }

    [Theory]
    [InlineData("""{"agent":"nobody","prompt":"x"}""", "/agent")]
    [InlineData("""{"agent":"reviewer"}""", "/prompt")]
    [InlineData("""{"agent":"reviewer","prompt":"  "}""", "/prompt")]
    [InlineData("""{"agent":7,"prompt":"x"}""", "/agent")]
    [InlineData("""{"prompt":"x","id":"a b"}""", "/id")]
    [InlineData("""{"prompt":"x","id":"../../etc"}""", "/id")]
    [InlineData("""{"prompt":"x","id":"a\r\nX-Evil: 1"}""", "/id")]
    [InlineData("""{"prompt":"x","promt":"y","a/b~c":1}""", "/promt", "/a~1b~0c")]
    [InlineData("""{"prompt":"x","options":{"max_retries":99}}""", "/options/max_retries")]
    [InlineData("""{"prompt":"x","options":{"tmeout":1,"priority":"urgent"}}""", "/options/tmeout", "/options/priority")]
    [InlineData("""{"prompt":"x","options":[]}""", "/options")]
    [InlineData("""["prompt"]""", "", "/prompt")]
    public async Task Task_Invalid_Is422WithEveryPlace(string body, params string[] places)
    {
        (await _app.PostAsync("/api/v1/tasks", body)).ExpectProblem(HttpStatusCode.UnprocessableEntity, places);
        Assert.Empty(_app.Engine.Calls);
        Assert.Empty((await _app.GetAsync("/api/v1/workflows")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Task_IdTaken_Is409()
    {
        await _app.RunAsync("mine", WorkStatus.Completed);
        (await _app.PostAsync("/api/v1/tasks", """{"prompt":"x","id":"mine"}""")).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Task_SameKeyAndBody_IsTheSameRun()
    {
        var first = await _app.PostAsync("/api/v1/tasks", """{"prompt":"x"}""", ("Idempotency-Key", "k1"));
        var second = (await _app.PostAsync("/api/v1/tasks", """{"prompt":"x"}""", ("Idempotency-Key", "k1"))).Expect(HttpStatusCode.Accepted);
        Assert.Equal(first.Get("task_id"), second.Get("task_id"));
        Assert.Equal(first.Header("Location"), second.Header("Location"));
        Assert.Single(_app.Engine.Calls);
    }

    [Fact]
    public async Task Task_SameKeyOtherBody_Is409()
    {
        await _app.PostAsync("/api/v1/tasks", """{"prompt":"x"}""", ("Idempotency-Key", "k1"));
        var problem = (await _app.PostAsync("/api/v1/tasks", """{"prompt":"y"}""", ("Idempotency-Key", "k1"))).ExpectProblem(HttpStatusCode.Conflict);
        Assert.Equal("urn:troupe:problem:idempotency-conflict", problem.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("with space")]
    public async Task Task_BadKey_Is400(string key) =>
        (await _app.PostAsync("/api/v1/tasks", """{"prompt":"x"}""", ("Idempotency-Key", key))).ExpectProblem(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Task_KeyOf256Characters_Is400() =>
        (await _app.PostAsync("/api/v1/tasks", """{"prompt":"x"}""", ("Idempotency-Key", new string('k', 256)))).ExpectProblem(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Workflow_ByName_IsAccepted()
    {
        var reply = (await _app.PostAsync("/api/v1/workflows", """{"workflow":"pair","inputs":{"topic":"t"},"id":"w"}""")).Expect(HttpStatusCode.Accepted);
        Assert.Equal("http://localhost/api/v1/workflows/w", reply.Get("check_status_url"));
        Assert.False(reply.Json.TryGetProperty("task_id", out _));
        Assert.Equal("Workflow w queued for execution", reply.Get("message"));
    }

    [Theory]
    [InlineData("""{}""", "/workflow")]
    [InlineData("""{"workflow":7}""", "/workflow")]
    [InlineData("""{"workflow":"none"}""", "/workflow")]
    [InlineData("""{"workflow":"pair"}""", "/inputs/topic")]
    [InlineData("""{"workflow":"pair","inputs":{"topic":"t","other":1}}""", "/inputs/other")]
    [InlineData("""{"workflow":{"name":"x","phases":[{"id":"p","tasks":[{"id":"t","agent":"nobody","prompt":"x","needs":["zz"]}]}]}}""", "/workflow/phases/0/tasks/0/agent", "/workflow/phases/0/tasks/0/needs/0")]
    [InlineData("""{"workflow":{"name":"x","inputs":{"in":{"type":"string","required":true}},"phases":[{"id":"p","tasks":[{"id":"t","agent":"nobody","prompt":"x"}]}]}}""", "/workflow/phases/0/tasks/0/agent", "/inputs/in")]
    public async Task Workflow_Invalid_Is422WithEveryPlace(string body, params string[] places)
    {
        (await _app.PostAsync("/api/v1/workflows", body)).ExpectProblem(HttpStatusCode.UnprocessableEntity, places);
        Assert.Empty(_app.Engine.Calls);
    }

    [Fact]
    public async Task Batch_Accepted_ListsTasksInTheOrderGiven()
    {
        var reply = (await _app.PostAsync("/api/v1/batches", """{"id":"b","tasks":[{"prompt":"one"},{"agent":"reviewer","prompt":"two"},{"prompt":"three"}]}"""))
            .Expect(HttpStatusCode.Accepted);
        var tasks = reply.Json.GetProperty("tasks").EnumerateArray().ToList();
        Assert.Equal(["b:1", "b:2", "b:3"], tasks.Select(task => task.GetProperty("task_id").GetString()));
        Assert.All(tasks, task => Assert.Equal("queued", task.GetProperty("status").GetString()));
        Assert.Equal("http://localhost/api/v1/tasks/b:2/status", tasks[1].GetProperty("check_status_url").GetString());
    }

    [Fact]
    public async Task Batch_Repeated_ListsAllOfAThousand()
    {
        var body = JsonSerializer.Serialize(new { tasks = Enumerable.Range(0, 1000).Select(i => new { prompt = $"p{i}" }) });
        await _app.PostAsync("/api/v1/batches", body, ("Idempotency-Key", "big"));
        var again = (await _app.PostAsync("/api/v1/batches", body, ("Idempotency-Key", "big"))).Expect(HttpStatusCode.Accepted);
        Assert.Equal(1000, again.Json.GetProperty("tasks").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"tasks":[]}""", "/tasks")]
    [InlineData("""{"tasks":{}}""", "/tasks", "/tasks")]
    [InlineData("""{"tasks":[{"prompt":"x"},7,{"agent":"nobody","promt":"y"}]}""", "/tasks/1", "/tasks/1/prompt", "/tasks/2/prompt", "/tasks/2/promt")]
    [InlineData("""{"tasks":[{"agent":"nobody","prompt":"x"},{"prompt":"x"},{"agent":"noone","prompt":"x"}]}""", "/tasks/0/agent", "/tasks/2/agent")]
    public async Task Batch_Invalid_Is422WithEveryPlace(string body, params string[] places) =>
        (await _app.PostAsync("/api/v1/batches", body)).ExpectProblem(HttpStatusCode.UnprocessableEntity, [.. places.Distinct()]);

    [Fact]
    public async Task Task_ManyUnknownFields_NamesTheFirstHundred()
    {
        var body = "{" + string.Join(',', Enumerable.Range(0, 5_000).Select(static n => $"\"unknown{n}\":1")) + "}";
        var problem = (await _app.PostAsync("/api/v1/tasks", body)).ExpectProblem(HttpStatusCode.UnprocessableEntity, [.. Enumerable.Range(0, 99).Select(static n => $"/unknown{n}"), "/prompt"]);
        Assert.Equal(100, problem.GetProperty("errors").GetArrayLength());
    }

    [Fact]
    public async Task Batch_OfAThousandAndOne_Is422()
    {
        var body = JsonSerializer.Serialize(new { tasks = Enumerable.Range(0, 1001).Select(_ => new { prompt = "x" }) });
        (await _app.PostAsync("/api/v1/batches", body)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/tasks");
    }

    [Fact]
    public async Task Batch_MayBeLargerThanATask()
    {
        var body = JsonSerializer.Serialize(new { tasks = Enumerable.Range(0, 20).Select(_ => new { prompt = new string('x', 100_000) }) });
        (await _app.PostAsync("/api/v1/batches", body)).Expect(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("/api/v1/tasks", 1)]
    [InlineData("/api/v1/batches", 8)]
    public async Task Launch_TooLarge_Is413(string path, int mebibytes) =>
        (await _app.PostAsync(path, $$"""{"prompt":"{{new string('x', mebibytes << 20)}}"}""")).ExpectProblem(HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public async Task Launch_TooLargeWithoutALength_Is413()
    {
        var content = new StreamContent(new UnknownLength(2 << 20));
        content.Headers.ContentType = new("application/json");
        (await _app.SendAsync(HttpMethod.Post, "/api/v1/tasks", content)).ExpectProblem(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Launch_OverTheLimit_Is429()
    {
        await using var app = await TestApp.StartAsync(options => (options.LaunchBurst, options.LaunchesPerSecond) = (2, 1));
        for (var i = 0; i < 2; i++)
            (await app.PostAsync("/api/v1/tasks", """{"prompt":"x"}""")).Expect(HttpStatusCode.Accepted);
        var reply = await app.PostAsync("/api/v1/tasks", """{"prompt":"x"}""");
        // The limiter's own clock may have granted one more meanwhile.
        while (reply.Status == HttpStatusCode.Accepted)
            reply = await app.PostAsync("/api/v1/tasks", """{"prompt":"x"}""");
        reply.ExpectProblem(HttpStatusCode.TooManyRequests);
        Assert.True(int.Parse(reply.Header("Retry-After"), null) >= 1);
    }

    [Fact]
    public async Task Validate_GoodDefinition_IsValidWithoutInputs()
    {
        var reply = (await _app.PostAsync("/api/v1/workflows/validate", """{"workflow":"pair"}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("""{"valid":true,"problems":[]}""", reply.Text);
    }

    [Fact]
    public async Task Validate_BadDefinition_ListsEveryProblem()
    {
        const string body = """{"workflow":{"name":"x","phases":[{"id":"p","after":["q"],"tasks":[{"id":"t","agent":"nobody","prompt":"{{"}]}]}}""";
        var reply = (await _app.PostAsync("/api/v1/workflows/validate", body)).Expect(HttpStatusCode.OK);
        Assert.False(reply.Json.GetProperty("valid").GetBoolean());
        var places = reply.Json.GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("pointer").GetString());
        Assert.Equal(["/phases/0/after/0", "/phases/0/tasks/0/agent", "/phases/0/tasks/0/prompt"], places.Order(StringComparer.Ordinal));
        Assert.Empty(_app.Engine.Calls);
    }

    [Theory]
    [InlineData(FakeWorkflows.Text, true)]
    [InlineData("name: x\nphases:\n  - id: p\n    tasks:\n      - {id: t, agent: generalist, prompt: x, needs: [zz]}\n", false)]
    [InlineData("name: x\nphases:\n  - id: p\n    tasks:\n      - {id: t, agent: nobody, prompt: x}\n", false)]
    public async Task Validate_Yaml_IsReadAsAFileIs(string yaml, bool valid)
    {
        var content = new StringContent(yaml, Encoding.UTF8, "application/yaml");
        var reply = (await _app.SendAsync(HttpMethod.Post, "/api/v1/workflows/validate", content)).Expect(HttpStatusCode.OK);
        Assert.Equal(valid, reply.Json.GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task Validate_BrokenYaml_HasLineAndColumn()
    {
        var content = new StringContent("name: x\nphases: [\n", Encoding.UTF8, "application/yaml");
        var problem = (await _app.SendAsync(HttpMethod.Post, "/api/v1/workflows/validate", content)).Json.GetProperty("problems")[0];
        Assert.True(problem.GetProperty("line").GetInt32() >= 1);
    }

    [Fact]
    public async Task Estimate_WithHistory_IsTheCriticalPath()
    {
        var start = _app.Time.GetUtcNow();
        await _app.RunAsync(
            "old",
            WorkStatus.Completed,
            null,
            _app.Task("old", "a", WorkStatus.Running, task => task with { StartedAt = start }),
            _app.Task("old", "b", WorkStatus.Running, task => task with { Agent = "reviewer", StartedAt = start, Ordinal = 1 }));
        await _app.ChangeTaskAsync("old:a", task => task with { Status = WorkStatus.Completed, CompletedAt = start.AddSeconds(10) });
        await _app.ChangeTaskAsync("old:b", task => task with { Status = WorkStatus.Completed, CompletedAt = start.AddSeconds(20) });
        var reply = (await _app.PostAsync("/api/v1/workflows/estimate", """{"workflow":"pair","inputs":{"topic":"t"}}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("""{"estimated_duration":30,"critical_path":["a","b"],"tasks":2,"agents_without_history":[]}""", reply.Text);
    }

    [Fact]
    public async Task Estimate_WithoutHistory_NamesTheAgents()
    {
        var reply = (await _app.PostAsync("/api/v1/workflows/estimate", """{"workflow":"pair"}""")).Expect(HttpStatusCode.OK);
        Assert.False(reply.Json.TryGetProperty("estimated_duration", out _));
        Assert.Equal(["generalist", "reviewer"], reply.Json.GetProperty("agents_without_history").EnumerateArray().Select(agent => agent.GetString()));
    }

    [Fact]
    public async Task Estimate_Unknown_Is422() =>
        (await _app.PostAsync("/api/v1/workflows/estimate", """{"workflow":"none"}""")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/workflow");

    /// <summary>A body whose length is not told beforehand.</summary>
    private sealed class UnknownLength(int length) : MemoryStream(new byte[length])
    {
        public override bool CanSeek => false;
    }
}
