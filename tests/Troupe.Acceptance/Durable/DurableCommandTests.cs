namespace Troupe.Acceptance.Durable;

/// <summary>The durable management API (http-api, section 2): starting and steering instances.</summary>
public sealed class DurableCommandTests : AcceptanceTest
{
    private static readonly object NoRun = new { runId = "no-such-run", run_id = "no-such-run" };

    [Fact]
    public async Task Durable_Start_AnswersTheCheckStatusBody()
    {
        var id = Unique("started");
        var answer = (await PostAsync($"orchestrators/WorkflowOrchestrator/{id}?pollingInterval=3", NoRun)).Expect(HttpStatusCode.Accepted);
        Assert.Equal(id, answer.Json.Text("id"));
        Assert.Equal(answer.Json.Text("statusQueryGetUri"), answer.Headers.Location?.OriginalString);
        Assert.Equal(TimeSpan.FromSeconds(3), answer.Headers.RetryAfter?.Delta);
        await EndedAsync(id);
    }

    [Fact]
    public async Task Durable_StartWithTimeout_AnswersTheOutput()
    {
        var answer = (await PostAsync("orchestrators/WorkflowOrchestrator?timeout=60", NoRun)).Expect(HttpStatusCode.OK);
        Assert.Contains("no-such-run", answer.Text, StringComparison.Ordinal);
        Assert.False(answer.Json.Has("statusQueryGetUri"));
    }

    [Fact]
    public async Task Durable_StartOfAnIdThatExists_IsAConflictEvenWhenFinished()
    {
        var run = (await Api.LaunchTaskAsync("instant")).Text("workflow_id");
        await EndedAsync(run);
        (await PostAsync($"orchestrators/WorkflowOrchestrator/{run}", NoRun)).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Durable_StartOfAnUnknownName_Is400() =>
        (await PostAsync("orchestrators/NoSuchOrchestrator", NoRun)).ExpectProblem(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Durable_StartWithBrokenJson_Is400() =>
        (await PostAsync("orchestrators/WorkflowOrchestrator", "{")).ExpectProblem(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Durable_RaiseEvent_IsAcceptedWhileItGoesOn()
    {
        var run = await RunningAsync();
        (await PostAsync($"instances/{run}/raiseEvent/something", new { a = 1 })).Expect(HttpStatusCode.Accepted);
        (await PostAsync($"instances/{run}/raiseEvent/something", "{")).ExpectProblem(HttpStatusCode.BadRequest);
        var text = new StringContent("hello", System.Text.Encoding.UTF8, "text/plain");
        (await Api.SendAsync(HttpMethod.Post, $"durable/instances/{run}/raiseEvent/something", text)).ExpectProblem(HttpStatusCode.BadRequest);
        await Api.PostAsync($"workflows/{run}/cancel");
    }

    [Fact]
    public async Task Durable_Terminate_EndsTheRunAndItsRecords()
    {
        var run = await RunningAsync();
        (await PostAsync($"instances/{run}/terminate?reason=enough")).Expect(HttpStatusCode.Accepted);
        Assert.Equal("Terminated", (await EndedAsync(run)).Text("runtimeStatus"));
        Assert.Equal("cancelled", (await Api.FinishAsync(run)).Status());
        Assert.All(await Api.TasksAsync(run), task => Assert.Equal("cancelled", task.Status()));
    }

    [Fact]
    public async Task Durable_SuspendAndResume_HoldAndRelease()
    {
        var run = (await Api.LaunchTasksAsync(
            new { max_concurrency = 1 },
            new { id = "one", agent = "sleep-3s", prompt = "x" },
            new { id = "two", agent = "instant", prompt = "x" }));
        await Api.UntilAsync($"workflows/{run}", state => state.Status() == "running");
        (await PostAsync($"instances/{run}/suspend?reason=lunch")).Expect(HttpStatusCode.Accepted);
        await Eventually.SomeAsync(async () =>
            (await Api.GetAsync($"durable/instances/{run}")).Json.Text("runtimeStatus") == "Suspended" ? "is" : null);
        (await PostAsync($"instances/{run}/resume?reason=back")).Expect(HttpStatusCode.Accepted);
        await Api.CompleteAsync(run);
    }

    [Fact]
    public async Task Durable_Rewind_RunsAFailedInstanceOnOrSaysThatItDidNotFail()
    {
        var run = await FinishedAsync();
        (await PostAsync($"instances/{run}/rewind?reason=why")).ExpectProblem(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task Durable_Restart_StartsTheSameInputUnderANewId()
    {
        var id = Unique("restarted");
        (await PostAsync($"orchestrators/WorkflowOrchestrator/{id}", NoRun)).Expect(HttpStatusCode.Accepted);
        await EndedAsync(id);
        var restarted = (await PostAsync($"instances/{id}/restart?restartWithNewInstanceId=true")).Expect(HttpStatusCode.Accepted).Json.Text("id");
        Assert.NotEqual(id, restarted);
        Assert.Equal((await EndedAsync(id)).GetProperty("input").GetRawText(), (await EndedAsync(restarted)).GetProperty("input").GetRawText());
        (await PostAsync("instances/no-such-instance/restart")).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Durable_RestartWhileItGoesOn_IsAConflict()
    {
        var run = await RunningAsync();
        (await PostAsync($"instances/{run}/restart?restartWithNewInstanceId=false")).ExpectProblem(HttpStatusCode.Conflict);
        await Api.PostAsync($"workflows/{run}/cancel");
    }

    [Fact]
    public async Task Durable_Purge_DeletesFinishedInstancesOnly()
    {
        var going = await RunningAsync();
        (await Api.DeleteAsync($"durable/instances/{going}")).ExpectProblem(HttpStatusCode.PreconditionFailed);
        await Api.PostAsync($"workflows/{going}/cancel");

        var run = await FinishedAsync();
        var answer = (await Api.DeleteAsync($"durable/instances/{run}")).Expect(HttpStatusCode.OK);
        Assert.Equal("""{"instancesDeleted":1}""", answer.Text);
        (await Api.GetAsync($"durable/instances/{run}")).ExpectProblem(HttpStatusCode.NotFound);
        (await Api.DeleteAsync($"durable/instances/{run}")).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Durable_PurgeOfMany_NeedsABeginning()
    {
        (await Api.DeleteAsync("durable/instances?runtimeStatus=Completed")).ExpectProblem(HttpStatusCode.BadRequest);
        (await Api.DeleteAsync("durable/instances?createdTimeFrom=2001-01-01T00:00:00Z&createdTimeTo=2001-01-02T00:00:00Z")).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("raiseEvent/x")]
    [InlineData("terminate")]
    [InlineData("suspend")]
    [InlineData("resume")]
    public async Task Durable_CommandToAFinishedInstance_Is410(string command) =>
        (await PostAsync($"instances/{await FinishedAsync()}/{command}")).ExpectProblem(HttpStatusCode.Gone);

    [Theory]
    [InlineData("raiseEvent/x")]
    [InlineData("terminate")]
    [InlineData("suspend")]
    [InlineData("resume")]
    [InlineData("rewind")]
    public async Task Durable_CommandToAnUnknownInstance_Is404(string command) =>
        (await PostAsync($"instances/no-such-instance/{command}")).ExpectProblem(HttpStatusCode.NotFound);

    private Task<Answer> PostAsync(string path, object? body = null) => Api.PostAsync($"durable/{path}", body);

    private async Task<string> RunningAsync()
    {
        var run = (await Api.LaunchTaskAsync("sleep-30s")).Text("workflow_id");
        await Api.UntilAsync($"workflows/{run}", state => state.Status() == "running");
        return run;
    }

    private async Task<string> FinishedAsync()
    {
        var run = (await Api.LaunchTaskAsync("instant")).Text("workflow_id");
        await EndedAsync(run);
        return run;
    }

    private async Task<JsonElement> EndedAsync(string instance) => await Eventually.ValueAsync(async () =>
    {
        var answer = await Api.GetAsync($"durable/instances/{instance}");
        return answer.Status == HttpStatusCode.OK ? answer.Json : null;
    });
}
