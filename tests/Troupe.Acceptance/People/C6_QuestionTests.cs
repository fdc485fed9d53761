namespace Troupe.Acceptance.People;

public sealed class C6_QuestionTests : AcceptanceTest
{
    [Fact]
    public async Task C6_AskHuman_WaitsForAnAnswerOfTheRightForm()
    {
        var launch = await Api.LaunchTaskAsync("asker", "paint it");
        var (task, run) = (launch.Text("task_id"), launch.Text("workflow_id"));
        await Api.UntilAsync($"tasks/{task}/status", state => state.Status() == "waiting");
        var question = Assert.Single((await Api.GetAsync($"approvals?mine=true&kind=question&workflow_id={run}")).Expect(HttpStatusCode.OK).Json.Items());
        Assert.Equal(("Which colour?", "choice"), (question.Text("title"), question.GetProperty("question").Text("kind")));
        (await Api.PostAsync($"tasks/{task}/answer", new { answer = "green" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/answer");
        (await Api.PostAsync($"approvals/{question.Text("id")}", new { decision = "approve" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/answer", "/decision");
        (await Api.PostAsync($"tasks/{task}/answer", new { answer = "blue" })).Expect(HttpStatusCode.OK);
        await Api.CompleteAsync(run);
        Assert.Equal("asked: paint it", (await Api.ResultAsync(task)).ToString());
        (await Api.PostAsync($"tasks/{task}/answer", new { answer = "blue" })).Expect(HttpStatusCode.OK);
        (await Api.PostAsync($"approvals/{question.Text("id")}", new { answer = "red" })).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task C6_Answer_WhereNothingIsAsked_Is404()
    {
        var launch = await Api.LaunchTaskAsync("instant");
        await Api.CompleteAsync(launch.Text("workflow_id"));
        (await Api.PostAsync($"tasks/{launch.Text("task_id")}/answer", new { answer = "x" })).ExpectProblem(HttpStatusCode.NotFound);
        (await Api.PostAsync("tasks/none:task/answer", new { answer = "x" })).ExpectProblem(HttpStatusCode.NotFound);
    }
}
