using System.Net;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Durable;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Workflows;

public sealed class WorkflowTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Get_Run_TellsProgressCountsAndWhereTheResultIs()
    {
        await _app.RunAsync(
            "r",
            WorkStatus.Running,
            Seed.PlanOf("generalist", "a", "b"),
            _app.Task("r", "a", WorkStatus.Completed, task => task with { Weight = 0.5 }),
            _app.Task("r", "b", WorkStatus.Running, task => task with { Weight = 0.5, Ordinal = 1 }));
        var reply = (await _app.GetAsync("/api/v1/workflows/r")).Expect(HttpStatusCode.OK);
        Assert.Equal(("r", "workflow", "running", "local"), (reply.Get("workflow_id"), reply.Get("kind"), reply.Get("status"), reply.Get("user")));
        Assert.Equal("r:b", reply.Get("result_task_id"));
        Assert.Equal(50, reply.Json.GetProperty("progress").GetProperty("percent").GetDouble());
        Assert.Equal("""{"completed":1,"running":1}""", reply.Json.GetProperty("task_counts").GetRawText());
        Assert.Equal("tasks", reply.Json.GetProperty("phases")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Get_LongPoll_AnswersWhenItEnds()
    {
        await _app.RunAsync("r");
        var answer = _app.GetAsync("/api/v1/workflows/r?wait=30s");
        await _app.EndAsync("r", WorkStatus.Completed, "run.completed");
        Assert.Equal("completed", (await answer).Get("status"));
    }

    [Fact]
    public async Task Get_LongPoll_EndsWhenTheServerStops()
    {
        await _app.RunAsync("r");
        var answer = _app.GetAsync("/api/v1/workflows/r?wait=60s");
        await _app.AppendAsync("r", Seed.Event("task.progress"));
        var stopped = _app.StopAsync();
        Assert.Equal("running", (await answer).Get("status"));
        await stopped;
    }

    [Theory]
    [InlineData("")]
    [InlineData("?wait=1s")]
    [InlineData("/tasks")]
    [InlineData("/graph")]
    public async Task Get_Unknown_Is404(string part) =>
        (await _app.GetAsync($"/api/v1/workflows/none{part}")).ExpectProblem(HttpStatusCode.NotFound);

    [Fact]
    public async Task List_Pages_AreNewestFirst()
    {
        for (var i = 0; i < 5; i++)
        {
            await _app.RunAsync($"r{i}");
            _app.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var first = (await _app.GetAsync("/api/v1/workflows?limit=3")).Expect(HttpStatusCode.OK);
        var second = (await _app.GetAsync($"/api/v1/workflows?limit=3&cursor={Uri.EscapeDataString(first.Get("cursor"))}")).Expect(HttpStatusCode.OK);
        Assert.Equal(["r4", "r3", "r2"], Ids(first));
        Assert.Equal(["r1", "r0"], Ids(second));
        Assert.False(second.Json.TryGetProperty("cursor", out _));
    }

    [Fact]
    public async Task List_Filters_AreCombined()
    {
        await _app.RunAsync("a", WorkStatus.Completed);
        _app.Time.Advance(TimeSpan.FromSeconds(1));
        await _app.RunAsync("b", WorkStatus.Failed);
        await _app.RunAsync("c");
        Assert.Equal(["b"], Ids(await _app.GetAsync("/api/v1/workflows?status=failed&name=seeded&user=local")));
        Assert.Equal(["b", "a"], Ids(await _app.GetAsync("/api/v1/workflows?status=failed,completed")));
        Assert.Equal(["b", "a"], Ids(await _app.GetAsync("/api/v1/workflows?status=failed&status=completed")));
        Assert.Equal(["c", "b"], Ids(await _app.GetAsync("/api/v1/workflows?created_from=2030-01-01T00:00:01Z")));
        Assert.Equal(["c", "b"], Ids(await _app.GetAsync("/api/v1/workflows?created_from=2030-01-01T01:00:01+01:00")));
        Assert.Empty(Ids(await _app.GetAsync("/api/v1/workflows?tag=none")));
        Assert.Empty(Ids(await _app.GetAsync("/api/v1/workflows?user=else")));
    }

    [Theory]
    [InlineData("status=finished", "?status")]
    [InlineData("status=1", "?status")]
    [InlineData("limit=0", "?limit")]
    [InlineData("limit=501", "?limit")]
    [InlineData("limit=x&created_from=yesterday&colour=red", "?limit", "?created_from", "?colour")]
    public async Task List_BadFilters_Are400WithEveryPlace(string query, params string[] places) =>
        (await _app.GetAsync($"/api/v1/workflows?{query}")).ExpectProblem(HttpStatusCode.BadRequest, places);

    [Theory]
    [InlineData("workflows?cursor=rubbish")]
    [InlineData("workflows/r/tasks?cursor=rubbish")]
    [InlineData("approvals?cursor=rubbish")]
    public async Task List_ForeignCursor_Is400(string path)
    {
        await _app.RunAsync("r");
        (await _app.GetAsync($"/api/v1/{path}")).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Tasks_Pages_AreInTheOrderOfDefinition()
    {
        await _app.RunAsync("r", WorkStatus.Running, null, [.. Enumerable.Range(0, 5).Select(i => _app.Task("r", $"t{i}", WorkStatus.Queued, task => task with { Ordinal = i }))]);
        var first = await _app.GetAsync("/api/v1/workflows/r/tasks?limit=3");
        var second = await _app.GetAsync($"/api/v1/workflows/r/tasks?limit=3&cursor={Uri.EscapeDataString(first.Get("cursor"))}");
        Assert.Equal(["t0", "t1", "t2", "t3", "t4"], Keys(first).Concat(Keys(second)));
    }

    [Fact]
    public async Task Graph_TellsNodesEdgesAndStates()
    {
        var plan = new Plan
        {
            Name = "g",
            Phases = [new PlanPhase("one", "One", 0.5, []), new PlanPhase("two", "Two", 0.5, ["one"])],
            Nodes =
            [
                Seed.Node("a", "one"),
                Seed.Node("b", "one") with { Needs = ["a"], Kind = PlanNodeKind.ForEach },
                Seed.Node("c", "two") with { Needs = ["c.gate"] },
                new PlanNode { Key = "c.gate", Kind = PlanNodeKind.Gate, Phase = "two", Title = "OK?", AfterPhases = ["one"], Gate = new GateDefinition { Type = GateType.Approval } },
            ],
            Agents = new Dictionary<string, Core.Agents.AgentDefinition>(),
        };
        await _app.RunAsync("r", WorkStatus.Running, plan, _app.Task("r", "a", WorkStatus.Completed), _app.Task("r", "b", WorkStatus.Completed), _app.Task("r", "b.0", WorkStatus.Completed), _app.Task("r", "c", WorkStatus.Queued));
        await _app.Stores.Gates.CreateIfAbsentAsync(Gate("r:c.gate", "r", "c.gate"), [], default);
        var graph = (await _app.GetAsync("/api/v1/workflows/r/graph")).Expect(HttpStatusCode.OK).Json;
        var nodes = graph.GetProperty("nodes").EnumerateArray().ToList();
        Assert.Equal(["a completed", "b completed", "c queued", "c.gate waiting"], nodes.Select(node => $"{node.GetProperty("key")} {node.GetProperty("status")}"));
        Assert.Equal(1, nodes[1].GetProperty("items").GetProperty("completed").GetInt32());
        Assert.Equal("r:c.gate", nodes[3].GetProperty("gate_id").GetString());
        Assert.Equal(["a b", "b c.gate", "c.gate c"], graph.GetProperty("edges").EnumerateArray().Select(edge => $"{edge.GetProperty("from")} {edge.GetProperty("to")}").Order(StringComparer.Ordinal));
        Assert.Equal("one", graph.GetProperty("phases")[1].GetProperty("after")[0].GetString());
    }

    [Theory]
    [InlineData("cancel", """{"reason":"enough"}""")]
    [InlineData("cancel", null)]
    [InlineData("pause", "{}")]
    [InlineData("resume", null)]
    public async Task Command_Running_Is202(string command, string? body)
    {
        _app.Engine.Add("r", OrchestrationRuntimeStatus.Running);
        await _app.RunAsync("r");
        var reply = (await _app.PostAsync($"/api/v1/workflows/r/{command}", body)).Expect(HttpStatusCode.Accepted);
        Assert.Equal("http://localhost/api/v1/workflows/r", reply.Header("Location"));
        Assert.Equal(command == "cancel", reply.Json.GetProperty("cancel_requested").GetBoolean());
        Assert.Equal(command == "pause", reply.Json.GetProperty("pause_requested").GetBoolean());
        Assert.Contains(_app.Engine.Calls, call => call is { Call: "raise", InstanceId: "r" });
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("pause")]
    [InlineData("resume")]
    public async Task Command_Ended_Is409(string command)
    {
        await _app.RunAsync("r", WorkStatus.Completed);
        (await _app.PostAsync($"/api/v1/workflows/r/{command}", "{}")).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("rerun")]
    [InlineData("callbacks/x")]
    public async Task Command_Unknown_Is404(string command) =>
        (await _app.PostAsync($"/api/v1/workflows/none/{command}", "{}")).ExpectProblem(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("cancel", """{"raeson":"x"}""", "/raeson")]
    [InlineData("rerun", """{"from":7}""", "/from")]
    [InlineData("rerun", """{"overrides":{"agent":"x","prompts":{"a":1}}}""", "/overrides/agent", "/overrides/prompts/a")]
    [InlineData("rerun", """{"overrides":{"options":{"priority":"odd"}}}""", "/overrides/options/priority")]
    public async Task Command_Invalid_Is422(string command, string body, params string[] places)
    {
        await _app.RunAsync("r");
        (await _app.PostAsync($"/api/v1/workflows/r/{command}", body)).ExpectProblem(HttpStatusCode.UnprocessableEntity, places);
    }

    [Fact]
    public async Task Rerun_FromFailed_IsANewRun()
    {
        await _app.RunAsync("r", WorkStatus.Failed, Seed.PlanOf("generalist", "a", "b"), _app.Task("r", "a", WorkStatus.Completed), _app.Task("r", "b", WorkStatus.Failed, task => task with { Ordinal = 1 }));
        var reply = (await _app.PostAsync("/api/v1/workflows/r/rerun", """{"overrides":{"prompts":{"b":"better"},"options":{"tags":["again"]}}}""")).Expect(HttpStatusCode.Accepted);
        var run = (await _app.GetAsync(reply.Get("check_status_url"))).Expect(HttpStatusCode.OK);
        Assert.Equal("r", run.Get("forked_from"));
        Assert.Equal("again", run.Json.GetProperty("tags")[0].GetString());
        var tasks = (await _app.GetAsync($"/api/v1/workflows/{run.Get("workflow_id")}/tasks")).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal("r:a", tasks[0].GetProperty("reused_from").GetString());
        Assert.False(tasks[1].TryGetProperty("reused_from", out _));
    }

    [Fact]
    public async Task Rerun_SameKey_IsTheSameRun()
    {
        await _app.RunAsync("r", WorkStatus.Failed, null, _app.Task("r", "task", WorkStatus.Failed));
        var first = (await _app.PostAsync("/api/v1/workflows/r/rerun", "{}", ("Idempotency-Key", "k"))).Expect(HttpStatusCode.Accepted);
        var second = (await _app.PostAsync("/api/v1/workflows/r/rerun", "{}", ("Idempotency-Key", "k"))).Expect(HttpStatusCode.Accepted);
        Assert.Equal(first.Get("workflow_id"), second.Get("workflow_id"));
    }

    [Fact]
    public async Task Rerun_GoesOn_Is409()
    {
        await _app.RunAsync("r");
        (await _app.PostAsync("/api/v1/workflows/r/rerun")).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Rerun_FromUnknownTask_Is422()
    {
        await _app.RunAsync("r", WorkStatus.Completed, null, _app.Task("r", "a", WorkStatus.Completed));
        (await _app.PostAsync("/api/v1/workflows/r/rerun", """{"from":"zz"}""")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/from");
    }

    [Fact]
    public async Task Rerun_NothingFailed_NamesTheTasksToRunFrom()
    {
        await _app.RunAsync("r", WorkStatus.Completed, null, _app.Task("r", "a", WorkStatus.Completed));
        var problem = (await _app.PostAsync("/api/v1/workflows/r/rerun")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/from");
        Assert.Contains("run again from: a", problem.GetProperty("errors")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callback_SameDelivery_CountsOnce()
    {
        await CallbackRunAsync(WorkStatus.Running);
        var first = (await _app.PostAsync("/api/v1/workflows/r/callbacks/deployed", """{"v":1}""", ("webhook-id", "d1"))).Expect(HttpStatusCode.Accepted);
        Assert.Equal("d1", first.Get("delivery_id"));
        var second = (await _app.PostAsync("/api/v1/workflows/r/callbacks/deployed", """{"v":1}""", ("webhook-id", "d1"))).Expect(HttpStatusCode.OK);
        Assert.True(second.Json.GetProperty("duplicate").GetBoolean());
        Assert.Equal("""{"v":1}""", (await _app.Stores.Gates.GetCallbackAsync("r", "deployed", default))!.Payload.Text);
    }

    [Fact]
    public async Task Callback_WithoutADeliveryId_IsKnownByItsBody()
    {
        await CallbackRunAsync(WorkStatus.Running);
        (await _app.PostAsync("/api/v1/workflows/r/callbacks/deployed", """{"v":1}""")).Expect(HttpStatusCode.Accepted);
        (await _app.PostAsync("/api/v1/workflows/r/callbacks/deployed", """{"v":1}""")).Expect(HttpStatusCode.OK);
        (await _app.PostAsync("/api/v1/workflows/r/callbacks/deployed", """{"v":2}""", ("Idempotency-Key", "k"))).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Callback_UnknownName_Is404()
    {
        await CallbackRunAsync(WorkStatus.Running);
        (await _app.PostAsync("/api/v1/workflows/r/callbacks/other", "{}")).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Callback_SameDeliveryWithAnotherBody_Is409()
    {
        await CallbackRunAsync(WorkStatus.Running);
        (await _app.PostAsync("/api/v1/workflows/r/callbacks/deployed", """{"v":1}""", ("webhook-id", "d1"))).Expect(HttpStatusCode.Accepted);
        (await _app.PostAsync("/api/v1/workflows/r/callbacks/deployed", """{"v":2}""", ("webhook-id", "d1"))).ExpectProblem(HttpStatusCode.Conflict);
        Assert.Equal("""{"v":1}""", (await _app.Stores.Gates.GetCallbackAsync("r", "deployed", default))!.Payload.Text);
    }

    [Fact]
    public async Task Callback_Ended_Is410()
    {
        await CallbackRunAsync(WorkStatus.Completed);
        (await _app.PostAsync("/api/v1/workflows/r/callbacks/deployed", "{}")).ExpectProblem(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task Approval_Decided_IsToldAndRepeatable()
    {
        await _app.RunAsync("r");
        await _app.Stores.Gates.CreateIfAbsentAsync(Gate("r:t.gate", "r", "t.gate"), [], default);
        var open = (await _app.GetAsync("/api/v1/approvals?status=pending&workflow_id=r")).Expect(HttpStatusCode.OK).Json.GetProperty("items");
        Assert.Equal("r:t.gate", Assert.Single(open.EnumerateArray()).GetProperty("id").GetString());

        var decided = (await _app.PostAsync("/api/v1/approvals/r:t.gate", """{"decision":"approve","comment":"fine"}""")).Expect(HttpStatusCode.OK);
        Assert.Equal(("approved", "local", "fine"), (decided.Get("status"), decided.Get("closed_by"), decided.Get("comment")));
        Assert.Equal("approve", decided.Json.GetProperty("decisions")[0].GetProperty("decision").GetString());
        (await _app.PostAsync("/api/v1/approvals/r:t.gate", """{"decision":"approve"}""")).Expect(HttpStatusCode.OK);
        var closed = (await _app.PostAsync("/api/v1/approvals/r:t.gate", """{"decision":"reject"}""")).ExpectProblem(HttpStatusCode.Conflict);
        Assert.Equal("local", closed.GetProperty("closed_by").GetString());
        Assert.Empty((await _app.GetAsync("/api/v1/approvals?status=pending")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Approval_Unknown_Is404() =>
        (await _app.PostAsync("/api/v1/approvals/none", """{"decision":"approve"}""")).ExpectProblem(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("{}", "/decision")]
    [InlineData("""{"decision":"maybe"}""", "/decision")]
    [InlineData("""{"decision":"approve","by":"root"}""", "/by")]
    public async Task Approval_Invalid_Is422(string body, string place) =>
        (await _app.PostAsync("/api/v1/approvals/x", body)).ExpectProblem(HttpStatusCode.UnprocessableEntity, place);

    private static IEnumerable<string?> Ids(Reply reply) => Items(reply, "workflow_id");

    private static IEnumerable<string?> Keys(Reply reply) => Items(reply, "key");

    private static IEnumerable<string?> Items(Reply reply, string name) =>
        reply.Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(name).GetString());

    private Task CallbackRunAsync(WorkStatus status)
    {
        var plan = Seed.PlanOf("generalist", "t");
        var gate = new PlanNode { Key = "p.gate", Kind = PlanNodeKind.Gate, Phase = "tasks", Title = "Wait", Gate = new GateDefinition { Type = GateType.Callback, Callback = "deployed" } };
        return _app.RunAsync("r", status, plan with { Nodes = [.. plan.Nodes, gate] });
    }

    private GateRecord Gate(string id, string runId, string key) => new()
    {
        Id = id,
        RunId = runId,
        Key = key,
        Kind = GateKind.Approval,
        Title = "Go on?",
        Status = GateStatus.Pending,
        CreatedAt = _app.Time.GetUtcNow(),
    };
}
