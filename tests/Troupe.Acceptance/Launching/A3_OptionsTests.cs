namespace Troupe.Acceptance.Launching;

public sealed class A3_OptionsTests : AcceptanceTest
{
    [Theory]
    [InlineData("\"1s\"")]
    [InlineData("1")]
    [InlineData("\"1000ms\"")]
    public async Task A3_Timeout_IsTextOrSeconds(string timeout)
    {
        var body = $$$"""{"agent": "sleep-30s", "prompt": "hi", "options": {"timeout": {{{timeout}}}, "max_retries": 0}}""";
        var launch = (await Api.PostAsync("tasks", body)).Expect(HttpStatusCode.Accepted).Json;
        var run = await Api.FinishAsync(launch.Text("workflow_id"));
        Assert.Equal("failed", run.Status());
        Assert.Equal("timed_out", (await Api.TaskAsync(launch.Text("workflow_id"), "task")).GetProperty("error").Text("kind"));
    }

    [Fact]
    public async Task A3_TagsAndMetadata_AreKept()
    {
        var tag = Unique("tag");
        var launch = await Api.LaunchTaskAsync("instant", options: new { tags = new[] { tag, "other" }, metadata = new { ticket = 42, owner = "me" } });
        var run = await Api.RunAsync(launch.Text("workflow_id"));
        Assert.Equal([tag, "other"], run.Items("tags").Select(item => item.GetString()));
        Assert.Equal(42, run.GetProperty("metadata").GetProperty("ticket").GetInt32());
    }

    [Fact]
    public async Task A3_MaxRetries_BoundsTheAttempts()
    {
        var launch = await Api.LaunchTaskAsync("fail-forever", options: new { max_retries = 1 });
        await Api.FinishAsync(launch.Text("workflow_id"));
        var task = (await Api.GetAsync($"tasks/{launch.Text("task_id")}/status")).Json;
        Assert.Equal("failed", task.Status());
        Assert.Equal(2, task.GetProperty("attempt").GetInt32());
        Assert.Equal(2, task.GetProperty("max_attempts").GetInt32());
    }

    [Fact]
    public async Task A3_OnFailureContinue_LetsTheRestGoOn()
    {
        var run = await Api.LaunchTasksAsync(
            new { max_retries = 0 },
            new { id = "broken", agent = "fail-forever", prompt = "x", on_failure = "continue" },
            new { id = "after", agent = "echo", prompt = "went on", needs = new[] { "broken" } });
        await Api.CompleteAsync(run);
        Assert.Equal("failed", (await Api.TaskAsync(run, "broken")).Status());
        Assert.Equal("went on", await Api.ResultTextAsync(run, "after"));
    }

    [Fact]
    public async Task A3_StartAfter_HoldsTheRunBack()
    {
        var launch = await Api.LaunchTaskAsync("instant", options: new { start_after = "2s" });
        var run = await Api.CompleteAsync(launch.Text("workflow_id"));
        var task = await Api.TaskAsync(launch.Text("workflow_id"), "task");
        Assert.True(task.Time("started_at") >= run.Time("created_at").AddSeconds(2), run.GetRawText());
    }

    [Fact]
    public async Task A3_StartAt_IsShownWhileItWaits()
    {
        var start = TimeProvider.System.GetUtcNow().AddHours(1);
        var launch = await Api.LaunchTaskAsync("instant", options: new { start_at = start });
        var run = await Api.UntilAsync($"workflows/{launch.Text("workflow_id")}", state => state.Status() == "waiting");
        Assert.Equal(start, run.Time("start_at"), TimeSpan.FromSeconds(1));
        await Api.PostAsync($"workflows/{launch.Text("workflow_id")}/cancel");
        Assert.Equal("cancelled", (await Api.FinishAsync(launch.Text("workflow_id"))).Status());
    }

    [Fact]
    public async Task A3_RequiresApproval_RunsNothingBefore()
    {
        var launch = await Api.LaunchTaskAsync("instant", options: new { requires_approval = true });
        var run = launch.Text("workflow_id");
        await Api.UntilAsync($"workflows/{run}", state => state.Status() == "waiting");
        var approval = await Api.PendingApprovalAsync(run);
        (await Api.PostAsync($"approvals/{approval.Text("id")}", new { decision = "approve" })).ExpectSuccess();
        await Api.CompleteAsync(run);
    }

    [Fact]
    public async Task A3_OnCompletionLaunch_GivesTheResultToTheNextRun()
    {
        var next = Unique("next");
        var yaml = $"name: {next}\ninputs:\n  result: {{type: string}}\nphases:\n  - id: p\n    tasks:\n      - {{id: t, agent: echo, prompt: 'next got: {{{{inputs.result}}}}'}}\n";
        (await Api.PutAsync($"definitions/{next}", yaml, "application/yaml")).ExpectSuccess();

        var launch = await Api.LaunchTaskAsync("echo", "from the first", new { on_completion = new { launch = next } });
        await Api.CompleteAsync(launch.Text("workflow_id"));
        var second = await Eventually.ValueAsync(async () =>
            (await Api.GetAsync($"workflows?name={next}")).Expect(HttpStatusCode.OK).Json.Items().Select(run => (JsonElement?)run).SingleOrDefault());
        await Api.CompleteAsync(second.Text("workflow_id"));
        Assert.Equal("next got: from the first", await Api.ResultTextAsync(second.Text("workflow_id"), "t"));
    }

    [Theory]
    [InlineData("""{"timeout": "soon"}""", "/options/timeout")]
    [InlineData("""{"max_retries": -1}""", "/options/max_retries")]
    [InlineData("""{"max_retries": 21}""", "/options/max_retries")]
    [InlineData("""{"max_concurrency": 0}""", "/options/max_concurrency")]
    [InlineData("""{"max_concurrency": 501}""", "/options/max_concurrency")]
    [InlineData("""{"priority": "urgent"}""", "/options/priority")]
    [InlineData("""{"retry_backoff": "random"}""", "/options/retry_backoff")]
    [InlineData("""{"on_failure": "explode"}""", "/options/on_failure")]
    [InlineData("""{"callback_url": "ftp://example.com/x"}""", "/options/callback_url")]
    [InlineData("""{"mode": "telepathy"}""", "/options/mode")]
    [InlineData("""{"max_retires": 1}""", "/options/max_retires")]
    public async Task A3_BadOption_IsRefusedWithItsPlace(string options, string pointer)
    {
        var body = $$$"""{"agent": "echo", "prompt": "hi", "options": {{{options}}}}""";
        (await Api.PostAsync("tasks", body)).ExpectProblem(HttpStatusCode.UnprocessableEntity, pointer);
    }
}
