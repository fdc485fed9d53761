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

    private Task<string> LaunchAsync(object? gate) => Api.LaunchTasksAsync(
        null, new { id = "t", agent = "instant", prompt = "x", gate = gate ?? new { approval = new { title = "Go on?" } } });
}
