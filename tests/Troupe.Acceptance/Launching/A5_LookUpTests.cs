namespace Troupe.Acceptance.Launching;

public sealed class A5_LookUpTests : AcceptanceTest
{
    [Fact]
    public async Task A5_AcceptedRun_IsFoundAtOnce()
    {
        for (var i = 0; i < 20; i++)
        {
            var launch = await Api.LaunchTaskAsync("instant");
            (await Api.GetAsync($"workflows/{launch.Text("workflow_id")}")).Expect(HttpStatusCode.OK);
            (await Api.GetAsync($"tasks/{launch.Text("task_id")}/status")).Expect(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A5_Status_TellsProgressTimesAndAttempt()
    {
        var launch = await Api.LaunchTaskAsync("sleep-2s");
        var path = $"tasks/{launch.Text("task_id")}/status";
        var running = await Api.UntilAsync(path, state => state.Status() == "running");
        Assert.Equal(1, running.GetProperty("attempt").GetInt32());
        Assert.InRange(running.GetProperty("progress").GetProperty("percent").GetDouble(), 0, 99);
        Assert.NotEmpty(running.GetProperty("progress").Text("current_step"));

        var done = await Api.UntilAsync(path, JsonReading.IsTerminal);
        Assert.Equal("completed", done.Status());
        Assert.Equal(100, done.GetProperty("progress").GetProperty("percent").GetDouble());
        Assert.True(done.Time("created_at") <= done.Time("started_at"));
        Assert.True(done.Time("completed_at") - done.Time("started_at") >= TimeSpan.FromSeconds(2));
        Assert.EndsWith("Z", done.Text("completed_at"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A5_Result_IsAConflictUntilTerminal()
    {
        var launch = await Api.LaunchTaskAsync("sleep-1s");
        (await Api.GetAsync($"tasks/{launch.Text("task_id")}/result")).ExpectProblem(HttpStatusCode.Conflict);
        await Api.CompleteAsync(launch.Text("workflow_id"));
        (await Api.GetAsync($"tasks/{launch.Text("task_id")}/result")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A5_Result_CarriesTypeFilesAndUsage()
    {
        var launch = await Api.LaunchTaskAsync("metered", "counted");
        await Api.CompleteAsync(launch.Text("workflow_id"));
        var result = (await Api.GetAsync($"tasks/{launch.Text("task_id")}/result")).Json;
        Assert.Equal("completed", result.Status());
        Assert.Equal("counted", result.Text("result"));
        Assert.Equal("summary", result.Text("result_type"));
        Assert.Empty(result.Items("files_created"));
        Assert.Equal(1000, result.GetProperty("usage").GetProperty("input_tokens").GetInt64());
        Assert.Equal(500, result.GetProperty("usage").GetProperty("output_tokens").GetInt64());
    }

    [Fact]
    public async Task A5_JsonResult_IsJson()
    {
        var launch = await Api.LaunchTaskAsync("json-maker");
        await Api.CompleteAsync(launch.Text("workflow_id"));
        var result = (await Api.GetAsync($"tasks/{launch.Text("task_id")}/result")).Json;
        Assert.Equal("json", result.Text("result_type"));
        Assert.Equal(7, result.GetProperty("result").GetProperty("score").GetInt32());
    }

    [Fact]
    public async Task A5_FailedTask_TellsItsError()
    {
        var launch = await Api.LaunchTaskAsync("fail-permanent");
        var run = await Api.FinishAsync(launch.Text("workflow_id"));
        Assert.Equal("failed", run.Status());
        Assert.True(run.Has("error"));
        var task = (await Api.GetAsync($"tasks/{launch.Text("task_id")}/status")).Json;
        Assert.NotEmpty(task.GetProperty("error").Text("message"));
        var result = (await Api.GetAsync($"tasks/{launch.Text("task_id")}/result")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("failed", result.Status());
    }

    [Fact]
    public async Task A5_Graph_ShowsNodesAndWhatTheyWaitFor()
    {
        var run = await Api.LaunchAsync(new
        {
            name = "graph",
            phases = new object[]
            {
                new { id = "first", tasks = new[] { new { id = "a", agent = "instant", prompt = "x" } } },
                new { id = "second", after = new[] { "first" }, tasks = new[] { new { id = "b", agent = "instant", prompt = "x" } } },
            },
        });
        await Api.CompleteAsync(run);
        var graph = (await Api.GetAsync($"workflows/{run}/graph")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(["a", "b"], graph.Items("nodes").Select(node => node.Text("key")));
        Assert.All(graph.Items("nodes"), node => Assert.Equal("completed", node.Status()));
        var edge = Assert.Single(graph.Items("edges"));
        Assert.Equal(("a", "b"), (edge.Text("from"), edge.Text("to")));
    }

    [Theory]
    [InlineData("workflows/no-such-run")]
    [InlineData("workflows/no-such-run/tasks")]
    [InlineData("workflows/no-such-run/graph")]
    [InlineData("workflows/no-such-run/events")]
    [InlineData("tasks/no-such-run:task/status")]
    [InlineData("tasks/no-such-run:task/result")]
    public async Task A5_UnknownId_Is404(string path) => (await Api.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound);
}
