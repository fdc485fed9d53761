namespace Troupe.Acceptance.Launching;

public sealed class A7_RerunTests : AcceptanceTest
{
    [Fact]
    public async Task A7_RerunFromFailed_ReusesWhatIsFinished()
    {
        var run = await Api.LaunchTasksAsync(
            new { max_retries = 0 },
            new { id = "good", agent = "echo", prompt = "kept" },
            new { id = "bad", agent = "fail-permanent", prompt = "mended", needs = new[] { "good" } });
        Assert.Equal("failed", (await Api.FinishAsync(run)).Status());

        var again = await RerunAsync(run, new { from = "failed", overrides = new { agents = new { bad = "echo" } } });
        await Api.CompleteAsync(again);

        var good = await Api.TaskAsync(again, "good");
        Assert.Equal((await Api.TaskAsync(run, "good")).Text("task_id"), good.Text("reused_from"));
        Assert.Equal("kept", (await Api.ResultAsync(good.Text("task_id"))).ToString());
        Assert.Equal("mended", await Api.ResultTextAsync(again, "bad"));
        Assert.Equal("failed", (await Api.RunAsync(run)).Status());
    }

    [Fact]
    public async Task A7_Rerun_TakesTheAgentsOfToday()
    {
        var agent = Unique("mended");
        await PutAgentAsync(agent, "fail_times: forever\n  fail_kind: permanent");
        var run = (await Api.LaunchTaskAsync(agent)).Text("workflow_id");
        Assert.Equal("failed", (await Api.FinishAsync(run)).Status());

        await PutAgentAsync(agent, "output: mended");
        var again = await RerunAsync(run, new { from = "failed" });
        await Api.CompleteAsync(again);
        Assert.Equal("mended", await Api.ResultTextAsync(again, "task"));
    }

    [Fact]
    public async Task A7_RerunFromATask_RunsItAndWhatNeedsItAgain()
    {
        var definition = new
        {
            name = "chain",
            inputs = new { word = new { type = "string" } },
            phases = new[]
            {
                new
                {
                    id = "p",
                    tasks = new object[]
                    {
                        new { id = "a", agent = "echo", prompt = "a {{inputs.word}}" },
                        new { id = "b", agent = "echo", prompt = "b {{inputs.word}}", needs = new[] { "a" } },
                        new { id = "c", agent = "echo", prompt = "c after {{tasks.b.result}}", needs = new[] { "b" } },
                    },
                },
            },
        };
        var run = await Api.LaunchAsync(definition, new { word = "one" });
        await Api.CompleteAsync(run);

        var from = (await Api.TaskAsync(run, "b")).Text("task_id");
        var again = await RerunAsync(run, new { from, overrides = new { inputs = new { word = "two" } } });
        var state = await Api.CompleteAsync(again);

        Assert.Equal(run, state.Text("forked_from"));
        Assert.Equal("a one", await Api.ResultTextAsync(again, "a"));
        Assert.Equal("b two", await Api.ResultTextAsync(again, "b"));
        Assert.Equal("c after b two", await Api.ResultTextAsync(again, "c"));
    }

    [Fact]
    public async Task A7_Rerun_OfARunThatGoesOnIsAConflict()
    {
        var launch = await Api.LaunchTaskAsync("sleep-30s");
        (await Api.PostAsync($"workflows/{launch.Text("workflow_id")}/rerun", new { from = "failed" })).ExpectProblem(HttpStatusCode.Conflict);
        await Api.PostAsync($"workflows/{launch.Text("workflow_id")}/cancel");
    }

    private async Task<string> RerunAsync(string run, object request) =>
        (await Api.PostAsync($"workflows/{run}/rerun", request)).Expect(HttpStatusCode.Accepted).Json.Text("workflow_id");

    private async Task PutAgentAsync(string name, string script) =>
        (await Api.PutAsync($"agents/{name}", $"---\nname: {name}\ndescription: Scripted.\nprovider: simulated\nsimulate:\n  {script}\n---\nWork.\n", "text/markdown"))
            .ExpectSuccess();
}
