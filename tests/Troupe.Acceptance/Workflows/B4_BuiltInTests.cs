namespace Troupe.Acceptance.Workflows;

public sealed class B4_BuiltInTests : AcceptanceTest
{
    private const string Diff = "--- a/src/app.cs\n+++ b/src/app.cs\n@@ -1,2 +1,2 @@\n-var password = \"secret\";\n+var password = Environment.GetEnvironmentVariable(\"PASSWORD\");\n";

    [Fact]
    public async Task B4_BuiltIns_AreAllThere()
    {
        var names = (await Api.GetAsync("definitions")).Expect(HttpStatusCode.OK).Json.Items().Select(item => item.Text("name")).ToList();
        string[] expected = ["add-feature", "code-analysis", "daily-run", "deploy", "new-project", "research", "review-pr", "weekly-report"];
        Assert.Empty(expected.Except(names));
    }

    [Fact]
    public async Task B4_ReviewPr_Completes()
    {
        var run = await Api.LaunchAsync("review-pr", new { diff = Diff });
        await Api.CompleteAsync(run);
        var tasks = await Api.TasksAsync(run);
        Assert.True(tasks.Count >= 3, $"A review of {tasks.Count} tasks is none.");
        Assert.All(tasks, task => Assert.Contains(task.Status(), new[] { "completed", "skipped" }));
        Assert.All(tasks.Where(task => task.Status() == "completed"), task => Assert.NotEmpty(task.Text("summary")));
    }

    [Fact]
    public async Task B4_AddFeature_RunsBothSidesAndThenFiveGatesInParallel()
    {
        var run = await Api.LaunchAsync("add-feature", await InputsAsync("add-feature"));
        await Api.CompleteAsync(run);
        var tasks = (await Api.TasksAsync(run)).ToDictionary(task => task.Text("agent"), StringComparer.Ordinal);
        string[] gates = ["code-reviewer", "test-engineer", "security-auditor", "performance-analyzer", "accessibility-expert"];
        Assert.All(gates, gate => Assert.True(tasks.ContainsKey(gate), $"No task of {gate} among {string.Join(", ", tasks.Keys)}"));
        var started = gates.Max(gate => tasks[gate].Time("started_at"));
        Assert.All(gates, gate => Assert.True(started <= tasks[gate].Time("completed_at").AddSeconds(1) + TargetHost.PlatformTime));
        var graph = (await Api.GetAsync($"workflows/{run}/graph")).Expect(HttpStatusCode.OK).Json;
        var keys = gates.Select(gate => tasks[gate].Text("key")).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(graph.Items("edges"), edge => keys.Contains(edge.Text("from")) && keys.Contains(edge.Text("to")));
        Assert.All(gates, gate => Assert.Equal(tasks[gates[0]].Text("phase"), tasks[gate].Text("phase")));
    }

    [Fact]
    public async Task B4_NewProject_BuildsOnceItsPlanIsApproved()
    {
        var run = await Api.LaunchAsync("new-project", await InputsAsync("new-project"));
        var approval = await Api.PendingApprovalAsync(run);
        Assert.Equal("waiting", (await Api.UntilAsync($"workflows/{run}", state => state.Status() != "running")).Status());
        (await Api.DecideAsync(approval.Text("id"), "approve")).ExpectSuccess();
        await Api.CompleteAsync(run);
    }

    [Theory]
    [InlineData("code-analysis")]
    [InlineData("weekly-report")]
    public async Task B4_BuiltIn_Completes(string name) => await Api.CompleteAsync(await Api.LaunchAsync(name, await InputsAsync(name)));

    [Fact]
    public async Task B4_Deploy_WaitsForItsApprovalAndItsCallback()
    {
        var run = await Api.LaunchAsync("deploy", await InputsAsync("deploy"));
        var approval = await Api.PendingApprovalAsync(run);
        (await Api.DecideAsync(approval.Text("id"), "approve", "ship it")).ExpectSuccess();
        await using var stream = await Api.StreamAsync($"workflows/{run}/events");
        var awaited = (await stream.UntilAsync(one => one.Type == "callback.awaited"))[^1];
        var callback = awaited.Data.GetProperty("data").Text("callback");
        (await Api.PostAsync($"workflows/{run}/callbacks/{callback}", new { status = "ok" })).ExpectSuccess();
        await Api.CompleteAsync(run);
    }

    /// <summary>A value of its type for every input that a built-in workflow requires.</summary>
    private async Task<Dictionary<string, object>> InputsAsync(string name)
    {
        var definition = (await Api.GetAsync($"definitions/{name}")).Expect(HttpStatusCode.OK).Json;
        return definition.Items("inputs").Where(input => input.Has("required") && input.GetProperty("required").GetBoolean()).ToDictionary(
            input => input.Text("name"),
            input => (input.Has("type") ? input.Text("type") : "string") switch
            {
                "number" or "integer" => (object)1,
                "boolean" => true,
                "array" => new[] { "first", "second" },
                "object" => new { key = "value" },
                _ => $"some {input.Text("name")}",
            },
            StringComparer.Ordinal);
    }
}
