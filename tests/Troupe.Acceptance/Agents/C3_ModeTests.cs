namespace Troupe.Acceptance.Agents;

public sealed class C3_ModeTests : AcceptanceTest
{
    [Fact]
    public async Task C3_Interactive_WaitsForAPersonsResult()
    {
        var launch = await Api.LaunchTaskAsync("person", "what is the answer?");
        var path = $"tasks/{launch.Text("task_id")}";
        await Api.UntilAsync($"{path}/status", state => state.Status() == "waiting");

        (await Api.PostAsync($"{path}/result", new { result = "forty-two" })).ExpectSuccess();
        await Api.CompleteAsync(launch.Text("workflow_id"));
        Assert.Equal("forty-two", (await Api.ResultAsync(launch.Text("task_id"))).ToString());
    }

    [Fact]
    public async Task C3_Interactive_StandsInTheInboxAndIsAnsweredThere()
    {
        var launch = await Api.LaunchTaskAsync("person");
        await Api.UntilAsync($"tasks/{launch.Text("task_id")}/status", state => state.Status() == "waiting");
        var question = Assert.Single((await Api.GetAsync($"approvals?mine=true&workflow_id={launch.Text("workflow_id")}")).Json.Items());
        Assert.Equal("result", question.GetProperty("question").Text("kind"));
        (await Api.PostAsync($"approvals/{question.Text("id")}", new { answer = " " })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/answer");
        (await Api.PostAsync($"tasks/{launch.Text("task_id")}/answer", new { answer = new { n = 42 } })).Expect(HttpStatusCode.OK);
        await Api.CompleteAsync(launch.Text("workflow_id"));
        Assert.Equal(42, (await Api.ResultAsync(launch.Text("task_id"))).GetProperty("n").GetInt32());
        (await Api.PostAsync($"tasks/{launch.Text("task_id")}/answer", new { answer = "other" })).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task C3_ModeOption_OverridesTheAgents()
    {
        var launch = await Api.LaunchTaskAsync("echo", options: new { mode = "interactive" });
        await Api.UntilAsync($"tasks/{launch.Text("task_id")}/status", state => state.Status() == "waiting");
        (await Api.PostAsync($"tasks/{launch.Text("task_id")}/result", new { result = "by hand" })).ExpectSuccess();
        await Api.CompleteAsync(launch.Text("workflow_id"));
        Assert.Equal("by hand", (await Api.ResultAsync(launch.Text("task_id"))).ToString());
    }

    [Fact]
    public async Task C3_Hybrid_WithNoPathLeftWaitsAndSaysWhy()
    {
        var name = Unique("keyless");
        (await Api.PutAsync($"agents/{name}", $"---\nname: {name}\ndescription: d\nprovider: gemini\nmode: hybrid\n---\nBody.\n", "text/markdown")).ExpectSuccess();
        var launch = await Api.LaunchTaskAsync(name);
        var task = await Api.UntilAsync($"tasks/{launch.Text("task_id")}/status", state => state.Status() == "waiting");
        Assert.True(task.GetProperty("requires_implementation").GetBoolean());
        Assert.Equal("missing_api_key", task.Text("fallback_reason"));

        (await Api.PostAsync($"tasks/{launch.Text("task_id")}/result", new { result = "done by a person" })).ExpectSuccess();
        await Api.CompleteAsync(launch.Text("workflow_id"));
    }

    [Fact]
    public async Task C3_Api_WithoutAKeyFailsAtOnce()
    {
        var name = Unique("keyless");
        (await Api.PutAsync($"agents/{name}", $"---\nname: {name}\ndescription: d\nprovider: gemini\nmode: api\n---\nBody.\n", "text/markdown")).ExpectSuccess();
        var launch = await Api.LaunchTaskAsync(name);
        Assert.Equal("failed", (await Api.FinishAsync(launch.Text("workflow_id"))).Status());
        var task = (await Api.GetAsync($"tasks/{launch.Text("task_id")}/status")).Json;
        Assert.Equal("missing_api_key", task.GetProperty("error").Text("kind"));
        Assert.Equal(1, task.GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task C3_ResultForATaskThatWaitsForNone_IsAConflict()
    {
        var launch = await Api.LaunchTaskAsync("instant");
        await Api.CompleteAsync(launch.Text("workflow_id"));
        (await Api.PostAsync($"tasks/{launch.Text("task_id")}/result", new { result = "late" })).ExpectProblem(HttpStatusCode.Conflict);
        Assert.Equal("done", (await Api.ResultAsync(launch.Text("task_id"))).ToString());
    }

    [Fact]
    public async Task C3_InteractiveTask_CanBeCancelled()
    {
        var launch = await Api.LaunchTaskAsync("person");
        await Api.UntilAsync($"tasks/{launch.Text("task_id")}/status", state => state.Status() == "waiting");
        (await Api.PostAsync($"workflows/{launch.Text("workflow_id")}/cancel")).ExpectSuccess();
        Assert.Equal("cancelled", (await Api.FinishAsync(launch.Text("workflow_id"))).Status());
    }
}
