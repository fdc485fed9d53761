namespace Troupe.Acceptance.Launching;

public sealed class A1_TaskTests : AcceptanceTest
{
    [Fact]
    public async Task A1_Launch_AnswersAtOnceWithIdsAndAddresses()
    {
        var answer = (await Api.PostAsync("tasks", new { agent = "sleep-1s", prompt = "hi", title = "A title" })).Expect(HttpStatusCode.Accepted);
        var body = answer.Json;

        Assert.Equal("queued", body.Status());
        Assert.NotEmpty(body.Text("task_id"));
        Assert.NotEmpty(body.Text("workflow_id"));
        Assert.NotEmpty(body.Text("message"));
        Assert.EndsWith($"/api/v1/tasks/{body.Text("task_id")}/status", Uri.UnescapeDataString(body.Text("check_status_url")), StringComparison.Ordinal);
        Assert.Equal(body.Text("check_status_url"), answer.Headers.Location?.OriginalString);
        Assert.NotNull(answer.Headers.RetryAfter);
        await Api.CompleteAsync(body.Text("workflow_id"));
    }

    [Fact]
    public async Task A1_CheckStatusUrl_LeadsToTheTask()
    {
        var launch = await Api.LaunchTaskAsync("instant");
        var status = (await Api.GetAsync(launch.Text("check_status_url"))).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(launch.Text("task_id"), status.Text("task_id"));
    }

    [Fact]
    public async Task A1_DurableAddresses_StandBelowTheDurableBase()
    {
        var launch = await Api.LaunchTaskAsync("instant");
        var durable = launch.GetProperty("durable");

        Assert.Equal(launch.Text("workflow_id"), durable.Text("id"));
        string[] names =
        [
            "statusQueryGetUri", "sendEventPostUri", "terminatePostUri", "suspendPostUri", "resumePostUri", "rewindPostUri", "restartPostUri",
            "purgeHistoryDeleteUri",
        ];
        Assert.All(names, name => Assert.StartsWith(
            new Uri(Api.Server, "/api/v1/durable/instances/").ToString(), durable.Text(name), StringComparison.Ordinal));
        Assert.Contains("raiseEvent/{eventName}", durable.Text("sendEventPostUri"), StringComparison.Ordinal);
        Assert.Contains("reason={text}", durable.Text("terminatePostUri"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A1_EstimatedDuration_IsNullAtFirstAndThenFromTheAgentsHistory()
    {
        var agent = Unique("estimated");
        (await Api.PutAsync($"agents/{agent}", Markdown(agent), "text/markdown")).ExpectSuccess();

        var first = await Api.LaunchTaskAsync(agent);
        Assert.False(first.Has("estimated_duration"));
        await Api.CompleteAsync(first.Text("workflow_id"));

        var second = await Api.LaunchTaskAsync(agent);
        Assert.InRange(second.GetProperty("estimated_duration").GetDouble(), 0.3, 5 + TargetHost.PlatformTime.TotalSeconds);
    }

    [Fact]
    public async Task A1_UnknownAgent_IsRefusedWithItsPlace() =>
        (await Api.PostAsync("tasks", new { agent = "no-such-agent", prompt = "hi" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/agent");

    [Fact]
    public async Task A1_NoPrompt_IsRefusedWithItsPlace() =>
        (await Api.PostAsync("tasks", new { agent = "echo" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/prompt");

    [Fact]
    public async Task A1_Prompt_IsNoTemplate()
    {
        var launch = await Api.LaunchTaskAsync("echo", "{{inputs.secret}} & <b>");
        await Api.CompleteAsync(launch.Text("workflow_id"));
        Assert.Equal("{{inputs.secret}} & <b>", (await Api.ResultAsync(launch.Text("task_id"))).ToString());
    }

    private static string Markdown(string name) =>
        $$"""
        ---
        name: {{name}}
        description: Takes 400 ms.
        provider: simulated
        simulate:
          latency: 400ms
          output: "ok"
        ---
        Take your time.
        """;
}
