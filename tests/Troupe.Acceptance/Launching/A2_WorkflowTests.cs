namespace Troupe.Acceptance.Launching;

public sealed class A2_WorkflowTests : AcceptanceTest
{
    [Fact]
    public async Task A2_ByName_RunsTheBuiltInDefinition()
    {
        var answer = await Api.PostAsync("workflows", new { workflow = "review-pr", inputs = new { diff = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n" } });
        var body = answer.Expect(HttpStatusCode.Accepted).Json;
        Assert.Equal("queued", body.Status());
        Assert.EndsWith($"/api/v1/workflows/{body.Text("workflow_id")}", body.Text("check_status_url"), StringComparison.Ordinal);
        await Api.CompleteAsync(body.Text("workflow_id"));
    }

    [Fact]
    public async Task A2_Inline_RunsTheDefinitionSent()
    {
        var definition = new { name = "inline", inputs = new { who = new { type = "string" } }, phases = Phases("echo", "hello {{inputs.who}}") };
        var run = await Api.LaunchAsync(definition, new { who = "world" });
        await Api.CompleteAsync(run);
        Assert.Equal("hello world", await Api.ResultTextAsync(run, "only"));
    }

    [Fact]
    public async Task A2_UnknownName_IsRefusedWithItsPlace() =>
        (await Api.PostAsync("workflows", new { workflow = "no-such-workflow" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/workflow");

    [Fact]
    public async Task A2_Batch_GivesResultsInTheOrderGiven()
    {
        var tasks = Enumerable.Range(0, 30).Select(i => new { agent = i % 3 == 0 ? "jittered" : "echo", prompt = $"task {i}" });
        var launch = (await Api.PostAsync("batches", new { tasks, options = new { max_concurrency = 30 } })).Expect(HttpStatusCode.Accepted).Json;
        await Api.CompleteAsync(launch.Text("workflow_id"));

        var results = new List<string>();
        foreach (var task in await Api.TasksAsync(launch.Text("workflow_id")))
            results.Add((await Api.ResultAsync(task.Text("task_id"))).ToString());
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"task {i}"), results);
    }

    [Fact]
    public async Task A2_BatchOfMoreThanAThousand_IsRefused()
    {
        var tasks = Enumerable.Range(0, 1001).Select(i => new { agent = "instant", prompt = $"{i}" });
        (await Api.PostAsync("batches", new { tasks })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/tasks");
    }

    [Fact]
    public async Task A2_BatchWithUnknownAgents_NamesThemAll()
    {
        object[] tasks = [new { agent = "nobody", prompt = "a" }, new { agent = "echo", prompt = "b" }, new { agent = "noone", prompt = "c" }];
        (await Api.PostAsync("batches", new { tasks })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/tasks/0/agent", "/tasks/2/agent");
    }

    private static object[] Phases(string agent, string prompt) => [new { id = "all", tasks = new[] { new { id = "only", agent, prompt } } }];
}
