namespace Troupe.Acceptance.People;

public sealed class D1_ApprovalTests : AcceptanceTest
{
    [Fact]
    public async Task D1_Gate_HoldsTheTaskUntilItIsApproved()
    {
        var run = await LaunchAsync(null);
        var approval = await Api.PendingApprovalAsync(run);
        Assert.Equal("Go on?", approval.Text("title"));
        Assert.NotEqual("completed", (await Api.TaskAsync(run, "t")).Status());

        (await Api.DecideAsync(approval.Text("id"), "approve", "fine")).ExpectSuccess();
        await Api.CompleteAsync(run);
        Assert.Single(await Api.EventsAsync(run), one => one.Type == "approval.decided");
        var closed = Assert.Single((await Api.GetAsync($"approvals?workflow_id={run}")).Json.Items());
        var decision = Assert.Single(closed.Items("decisions"));
        Assert.Equal(("approve", "fine"), (decision.Text("decision"), decision.Text("comment")));
        Assert.Equal((await Api.RunAsync(run)).Text("user"), decision.Text("user"));
    }

    [Fact]
    public async Task D1_Rejection_FailsTheRun()
    {
        var run = await LaunchAsync(null);
        var approval = await Api.PendingApprovalAsync(run);
        (await Api.DecideAsync(approval.Text("id"), "reject", "too risky")).ExpectSuccess();
        Assert.Equal("failed", (await Api.FinishAsync(run)).Status());
        Assert.NotEqual("completed", (await Api.TaskAsync(run, "t")).Status());
    }

    [Fact]
    public async Task D1_SameDecisionAgain_Is200AndAnotherIsAConflictThatNamesWhoDecided()
    {
        var run = await LaunchAsync(null);
        var approval = (await Api.PendingApprovalAsync(run)).Text("id");
        (await Api.DecideAsync(approval, "approve")).Expect(HttpStatusCode.OK);
        await Api.CompleteAsync(run);
        (await Api.DecideAsync(approval, "approve")).Expect(HttpStatusCode.OK);
        var problem = (await Api.DecideAsync(approval, "reject")).ExpectProblem(HttpStatusCode.Conflict);
        Assert.Contains((await Api.RunAsync(run)).Text("user"), problem.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approve", "completed")]
    [InlineData("reject", "failed")]
    public async Task D1_Timeout_DecidesAsTheGateSays(string onTimeout, string expected)
    {
        var run = await LaunchAsync(new { approval = new { title = "Go on?", timeout = "500ms", on_timeout = onTimeout } });
        Assert.Equal(expected, (await Api.FinishAsync(run)).Status());
    }

    [Fact]
    public async Task D1_UnknownApproval_Is404() => (await Api.DecideAsync("no-such-approval", "approve")).ExpectProblem(HttpStatusCode.NotFound);

    [Fact]
    public async Task D1_UnknownDecision_IsRefusedWithItsPlace()
    {
        var run = await LaunchAsync(null);
        var approval = (await Api.PendingApprovalAsync(run)).Text("id");
        (await Api.DecideAsync(approval, "maybe")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/decision");
        await Api.PostAsync($"workflows/{run}/cancel");
        Assert.Equal("cancelled", (await Api.FinishAsync(run)).Status());
        (await Api.DecideAsync(approval, "approve")).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task D1_Decider_SeesWhatRunsNextAndWhatItCostSoFar()
    {
        var run = await LaunchEditableAsync();
        var approval = (await Api.GetAsync($"approvals/{(await Api.PendingApprovalAsync(run)).Text("id")}")).Expect(HttpStatusCode.OK).Json;
        Assert.True(approval.GetProperty("may_decide").GetBoolean());
        var context = approval.GetProperty("context");
        var next = Assert.Single(context.Items("next"));
        Assert.Equal(("write", "Write about tea"), (next.Text("key"), next.Text("prompt")));
        Assert.Equal("read", Assert.Single(context.Items("earlier")).Text("key"));
        Assert.True(context.Has("usage"));
        var mine = (await Api.GetAsync($"approvals?mine=true&workflow_id={run}")).Json.Items();
        Assert.Equal(approval.Text("id"), Assert.Single(mine).Text("id"));
        await Api.PostAsync($"workflows/{run}/cancel");
    }

    [Fact]
    public async Task D1_ApproveWithEdits_RunsWhatWasEditedAndRecordsTheDifference()
    {
        var run = await LaunchEditableAsync();
        var id = (await Api.PendingApprovalAsync(run)).Text("id");
        (await Api.PostAsync($"approvals/{id}", new { decision = "approve", edits = new { prompts = new { nobody = "x" } } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/edits/prompts/nobody");
        (await Api.PostAsync($"approvals/{id}", new { decision = "approve", edits = new { inputs = new { topic = 5 } } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/edits/inputs/topic");
        var edits = new { prompts = new { write = "Praise {{inputs.topic}}" }, inputs = new { topic = "coffee" } };
        (await Api.PostAsync($"approvals/{id}", new { decision = "approve", edits })).Expect(HttpStatusCode.OK);
        await Api.CompleteAsync(run);
        Assert.Equal("Praise coffee", await Api.ResultTextAsync(run, "write"));
        var closed = (await Api.GetAsync($"approvals/{id}")).Json.GetProperty("edits");
        Assert.Equal(["write", "topic"], closed.Items("changes").Select(change => change.Text("name")));
        Assert.Equal(2, Assert.Single(await Api.EventsAsync(run), one => one.Type == "approval.decided").Data.GetProperty("data").GetProperty("edits").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task D1_Link_ShowsAPageThatDecidesNothingAndAButtonThatDecidesOnce()
    {
        var run = await LaunchAsync(null);
        var id = (await Api.PendingApprovalAsync(run)).Text("id");
        var link = (await Api.PostAsync($"approvals/{id}/links")).Expect(HttpStatusCode.Created).Json.Text("approve_url");
        (await Api.GetAsync(link)).Expect(HttpStatusCode.OK);
        Assert.Equal("pending", (await Api.GetAsync($"approvals/{id}")).Json.Status());
        (await Api.SendAsync(HttpMethod.Post, link, new FormUrlEncodedContent([]))).Expect(HttpStatusCode.OK);
        await Api.CompleteAsync(run);
        (await Api.SendAsync(HttpMethod.Post, link, new FormUrlEncodedContent([]))).Expect(HttpStatusCode.Conflict);
        (await Api.GetAsync(link[..^3] + "AAA")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task D1_Reminders_AreToldUntilItIsDecided()
    {
        var run = await LaunchAsync(new { approval = new { title = "Go on?", remind = "1s" } });
        var id = (await Api.PendingApprovalAsync(run)).Text("id");
        await Api.UntilAsync($"approvals/{id}", approval => approval.GetProperty("reminders").GetInt32() >= 2);
        (await Api.DecideAsync(id, "approve")).ExpectSuccess();
        await Api.CompleteAsync(run);
        Assert.Contains(await Api.EventsAsync(run), one => one.Type == "approval.reminder");
    }

    private Task<string> LaunchEditableAsync() => Api.LaunchAsync(
        new
        {
            name = "editable",
            inputs = new { topic = new { type = "string", required = true } },
            phases = new object[]
            {
                new { id = "one", tasks = new[] { new { id = "read", agent = "echo", prompt = "Read about {{inputs.topic}}" } } },
                new { id = "two", after = new[] { "one" }, gate = new { approval = new { title = "Go on?" } }, tasks = new[] { new { id = "write", agent = "echo", prompt = "Write about {{inputs.topic}}" } } },
            },
        },
        new { topic = "tea" });

    private Task<string> LaunchAsync(object? gate) => Api.LaunchTasksAsync(
        null, new { id = "t", agent = "instant", prompt = "x", gate = gate ?? new { approval = new { title = "Go on?" } } });
}
