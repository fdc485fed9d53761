namespace Troupe.Acceptance.Agents;

public sealed class C1_AgentTests : AcceptanceTest
{
    [Fact]
    public async Task C1_List_HoldsBuiltInAndConfiguredAgents()
    {
        var names = (await Api.GetAsync("agents")).Expect(HttpStatusCode.OK).Json.Items().Select(agent => agent.Text("name")).ToList();
        Assert.Contains("code-reviewer", names);
        Assert.Contains("security-auditor", names);
        Assert.Contains("sleep-1s", names);
    }

    [Fact]
    public async Task C1_Agent_IsReadByName()
    {
        var agent = (await Api.GetAsync("agents/echo")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("simulated", agent.Text("provider"));
        Assert.Equal("Answers with the prompt it was given, at once.", agent.Text("description"));
    }

    [Fact]
    public async Task C1_Task_NamesItsAgentByPathToo()
    {
        var launch = await Api.LaunchTaskAsync("echo.md", "by path");
        await Api.CompleteAsync(launch.Text("workflow_id"));
        Assert.Equal("by path", (await Api.ResultAsync(launch.Text("task_id"))).ToString());
    }

    [Theory]
    [InlineData("../README.md")]
    [InlineData("/etc/passwd")]
    [InlineData("agents/../../../etc/passwd")]
    [InlineData("..\\README.md")]
    [InlineData("./../agents/echo.md")]
    public async Task C1_PathOutsideTheRoots_FindsNothing(string agent) =>
        (await Api.PostAsync("tasks", new { agent, prompt = "x" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/agent");

    [Fact]
    public async Task C1_PutAgent_CanBeReadRunAndDeleted()
    {
        var name = Unique("put");
        (await PutAsync(name, "one")).ExpectSuccess();
        Assert.Equal(name, (await Api.GetAsync($"agents/{name}")).Expect(HttpStatusCode.OK).Json.Text("name"));
        Assert.Equal("one", await AnswerAsync(name));

        (await PutAsync(name, "two")).ExpectSuccess();
        Assert.Equal("two", await AnswerAsync(name));

        (await Api.DeleteAsync($"agents/{name}")).ExpectSuccess();
        (await Api.GetAsync($"agents/{name}")).ExpectProblem(HttpStatusCode.NotFound);
        (await Api.PostAsync("tasks", new { agent = name, prompt = "x" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/agent");
    }

    [Fact]
    public async Task C1_Run_KeepsTheVersionThatItBeganWith()
    {
        var name = Unique("versioned");
        (await PutAsync(name, "old")).ExpectSuccess();
        var launch = await Api.LaunchTasksAsync(
            null,
            new { id = "first", agent = "sleep-1s", prompt = "x" },
            new { id = "second", agent = name, prompt = "x", needs = new[] { "first" } });
        (await PutAsync(name, "new")).ExpectSuccess();
        await Api.CompleteAsync(launch);
        Assert.Equal("old", await Api.ResultTextAsync(launch, "second"));
    }

    [Fact]
    public async Task C1_BrokenAgent_IsRefusedWithItsLine()
    {
        var name = Unique("broken");
        var broken = $"---\nname: {name}\ndescription: d\nprovider: simulated\ntimeout: soon\n---\nBody.\n";
        var problem = (await Api.PutAsync($"agents/{name}", broken, "text/markdown")).ExpectProblem(HttpStatusCode.UnprocessableEntity);
        Assert.All(problem.Items("errors"), error => Assert.Equal(5, error.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task C1_UnknownKeys_AreKept()
    {
        var name = Unique("extra");
        var text = $"---\nname: {name}\ndescription: d\nprovider: simulated\nsimulate: {{output: x}}\ncolor: purple\n---\nBody.\n";
        (await Api.PutAsync($"agents/{name}", text, "text/markdown")).ExpectSuccess();
        Assert.Contains("purple", (await Api.GetAsync($"agents/{name}")).Text, StringComparison.Ordinal);
    }

    private Task<Answer> PutAsync(string name, string output) =>
        Api.PutAsync($"agents/{name}", $"---\nname: {name}\ndescription: d\nprovider: simulated\nsimulate:\n  output: {output}\n---\nBody.\n", "text/markdown");

    private async Task<string> AnswerAsync(string agent)
    {
        var launch = await Api.LaunchTaskAsync(agent);
        await Api.CompleteAsync(launch.Text("workflow_id"));
        return (await Api.ResultAsync(launch.Text("task_id"))).ToString();
    }
}
