namespace Troupe.Acceptance.Launching;

public sealed class A4_IdempotencyTests : AcceptanceTest
{
    [Fact]
    public async Task A4_SameKeyAndBody_ReturnsTheSameRun()
    {
        var key = ("Idempotency-Key", Unique("key"));
        var first = (await Api.PostAsync("tasks", new { agent = "instant", prompt = "once" }, key)).Expect(HttpStatusCode.Accepted).Json;
        await Api.CompleteAsync(first.Text("workflow_id"));
        var second = (await Api.PostAsync("tasks", new { agent = "instant", prompt = "once" }, key)).Expect(HttpStatusCode.Accepted).Json;
        Assert.Equal(first.Text("workflow_id"), second.Text("workflow_id"));
        Assert.Equal(first.Text("task_id"), second.Text("task_id"));
    }

    [Fact]
    public async Task A4_SameKeyAtTheSameMoment_MakesOneRun()
    {
        var key = ("Idempotency-Key", Unique("key"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Api.PostAsync("tasks", new { agent = "instant", prompt = "race" }, key)));
        Assert.Single(answers.Select(answer => answer.Expect(HttpStatusCode.Accepted).Json.Text("workflow_id")).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A4_SameKeyAndAnotherBody_IsAConflict()
    {
        var key = ("Idempotency-Key", Unique("key"));
        (await Api.PostAsync("tasks", new { agent = "instant", prompt = "one" }, key)).Expect(HttpStatusCode.Accepted);
        (await Api.PostAsync("tasks", new { agent = "instant", prompt = "two" }, key)).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A4_GivenId_IsTheRunsId()
    {
        var id = Unique("My.run_1");
        var launch = (await Api.PostAsync("tasks", new { id, agent = "instant", prompt = "x" })).Expect(HttpStatusCode.Accepted).Json;
        Assert.Equal(id, launch.Text("workflow_id"));
        await Api.CompleteAsync(id);
    }

    [Fact]
    public async Task A4_GivenIdOfAFinishedRun_IsNeverStartedAgain()
    {
        var id = Unique("taken");
        var launch = (await Api.PostAsync("tasks", new { id, agent = "echo", prompt = "first" })).Expect(HttpStatusCode.Accepted).Json;
        var before = await Api.CompleteAsync(id);

        (await Api.PostAsync("tasks", new { id, agent = "echo", prompt = "second" })).ExpectProblem(HttpStatusCode.Conflict);
        (await Api.PostAsync("workflows", new { id, workflow = "review-pr", inputs = new { diff = "x" } })).ExpectProblem(HttpStatusCode.Conflict);

        Assert.Equal(before.GetRawText(), (await Api.RunAsync(id)).GetRawText());
        Assert.Equal("first", (await Api.ResultAsync(launch.Text("task_id"))).ToString());
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("slash/inside")]
    [InlineData("colon:inside")]
    [InlineData("ümlaut")]
    [InlineData("")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A4_IllFormedId_IsRefusedWithItsPlace(string id) =>
        (await Api.PostAsync("tasks", new { id, agent = "echo", prompt = "x" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/id");
}
