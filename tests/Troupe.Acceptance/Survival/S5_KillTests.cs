using System.Collections.Concurrent;

namespace Troupe.Acceptance.Survival;

/// <summary>A server of its own is killed without warning and started again on the same data.</summary>
public sealed class S5_KillTests : IAsyncLifetime
{
    private readonly OwnServer _server = new();

    private Api Api => _server.Api;

    public Task InitializeAsync() => _server.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [EmbeddedFact]
    public async Task S5_ReviewKilledInTheMiddle_CompletesAndRunsNoFinishedTaskAgain()
    {
        await PutAgentAsync("code-reviewer", "300ms");
        foreach (var slow in new[] { "security-auditor", "performance-analyzer", "test-engineer" })
            await PutAgentAsync(slow, "3s");
        var run = await Api.LaunchAsync("review-pr", new { diff = "--- a/x.cs\n+++ b/x.cs\n@@ -1 +1 @@\n-a\n+b\n" });
        var before = await Eventually.SomeAsync(async () =>
        {
            var tasks = await Api.TasksAsync(run);
            return tasks.Any(task => task.Status() == "completed") && tasks.Count(task => task.Status() == "running") == 3 ? tasks : null;
        });

        await _server.RestartAsync();
        await Api.CompleteAsync(run);

        var events = await Api.EventsAsync(run);
        foreach (var task in before.Where(task => task.Status() == "completed"))
        {
            var after = await Api.TaskAsync(run, task.Text("key"));
            Assert.Equal(task.Text("completed_at"), after.Text("completed_at"));
            Assert.Single(events, one => one.Type == "task.started" && one.Data.Text("task_id") == task.Text("task_id"));
        }

        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(one => one.Data.GetProperty("sequence").GetInt64()));
        var completed = events.Where(one => one.Type == "task.completed").Select(one => one.Data.Text("task_id")).ToList();
        Assert.Equal(completed.Count, completed.Distinct(StringComparer.Ordinal).Count());
        Assert.All(await Api.TasksAsync(run), task => Assert.Contains(task.Status(), new[] { "completed", "skipped" }));
        Assert.All((await Api.TasksAsync(run)).Where(task => task.Status() == "completed"), task => Assert.Equal(1, task.GetProperty("attempt").GetInt32()));
    }

    [EmbeddedFact]
    public async Task S5_KilledUnderLoad_NoAcceptedLaunchIsLost()
    {
        var accepted = new ConcurrentQueue<string>();
        var load = LoadAsync(accepted);
        while (accepted.Count < 100)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        await _server.KillAsync();
        await load;
        await _server.StartAsync();

        foreach (var run in accepted)
            await Api.CompleteAsync(run);
    }

    [EmbeddedFact]
    public async Task S5_WaitingGate_SurvivesAndTakesItsDecision()
    {
        var run = await Api.LaunchTasksAsync(null, new { id = "t", agent = "echo", prompt = "approved", gate = new { approval = new { title = "Go on?" } } });
        var approval = (await Api.PendingApprovalAsync(run)).Text("id");
        await _server.RestartAsync();
        (await Api.DecideAsync(approval, "approve")).ExpectSuccess();
        await _server.RestartAsync();
        await Api.CompleteAsync(run);
        Assert.Equal("approved", await Api.ResultTextAsync(run, "t"));
    }

    [EmbeddedFact]
    public async Task S5_KilledBetweenTheDecisionAndItsEffect_RunsWhatWasEdited()
    {
        var run = await Api.LaunchTasksAsync(
            null,
            new { id = "first", agent = "sleep-1s", prompt = "x", gate = new { approval = new { title = "Go on?" } } },
            new { id = "then", agent = "echo", prompt = "as planned", needs = new[] { "first" } });
        var approval = (await Api.PendingApprovalAsync(run)).Text("id");
        (await Api.PostAsync($"approvals/{approval}", new { decision = "approve", edits = new { prompts = new { then = "as edited" } } })).Expect(HttpStatusCode.OK);
        await _server.RestartAsync();
        await Api.CompleteAsync(run);
        Assert.Equal("as edited", await Api.ResultTextAsync(run, "then"));
        Assert.Single(await Api.EventsAsync(run), one => one.Type == "approval.decided");
        (await Api.DecideAsync(approval, "approve")).Expect(HttpStatusCode.OK);
        (await Api.DecideAsync(approval, "reject")).ExpectProblem(HttpStatusCode.Conflict);
    }

    [EmbeddedFact]
    public async Task S5_QuestionOfAnAgent_SurvivesAndTakesItsAnswer()
    {
        var launch = await Api.LaunchTaskAsync("asker", "paint it");
        var task = launch.Text("task_id");
        await Api.UntilAsync($"tasks/{task}/status", state => state.Status() == "waiting");
        await _server.RestartAsync();
        (await Api.PostAsync($"tasks/{task}/answer", new { answer = "red" })).Expect(HttpStatusCode.OK);
        await _server.RestartAsync();
        await Api.CompleteAsync(launch.Text("workflow_id"));
        Assert.Equal("asked: paint it", (await Api.ResultAsync(task)).ToString());
        Assert.Equal(1, (await Api.GetAsync($"tasks/{task}/status")).Json.GetProperty("attempt").GetInt32());
    }

    [EmbeddedFact]
    public async Task S5_EarlyCallback_SurvivesUntilItsPhase()
    {
        var run = await Api.LaunchAsync(new
        {
            name = "called-back",
            phases = new object[]
            {
                new { id = "a", tasks = new[] { new { id = "a", agent = "sleep-2s", prompt = "x" } } },
                new { id = "b", after = new[] { "a" }, gate = new { callback = "done" }, tasks = new[] { new { id = "b", agent = "instant", prompt = "x" } } },
            },
        });
        (await Api.PostAsync($"workflows/{run}/callbacks/done", new { })).ExpectSuccess();
        await _server.RestartAsync();
        await Api.CompleteAsync(run);
    }

    [EmbeddedFact]
    public async Task S5_RetryThatWaits_FiresAfterTheRestart()
    {
        var launch = await Api.LaunchTaskAsync("fail-twice", "made it");
        await Api.UntilAsync($"tasks/{launch.Text("task_id")}/status", state => state.Status() == "retrying");
        await _server.RestartAsync();
        await Api.CompleteAsync(launch.Text("workflow_id"));
        Assert.Equal("succeeded: made it", (await Api.ResultAsync(launch.Text("task_id"))).ToString());
        Assert.Equal(3, (await Api.GetAsync($"tasks/{launch.Text("task_id")}/status")).Json.GetProperty("attempt").GetInt32());
    }

    [EmbeddedFact]
    public async Task A4_IdempotencyKey_SurvivesARestart()
    {
        var key = ("Idempotency-Key", "across-restarts");
        var first = (await Api.PostAsync("tasks", new { agent = "instant", prompt = "once" }, key)).Expect(HttpStatusCode.Accepted).Json;
        await _server.RestartAsync();
        var second = (await Api.PostAsync("tasks", new { agent = "instant", prompt = "once" }, key)).Expect(HttpStatusCode.Accepted).Json;
        Assert.Equal(first.Text("workflow_id"), second.Text("workflow_id"));
        (await Api.PostAsync("tasks", new { agent = "instant", prompt = "other" }, key)).ExpectProblem(HttpStatusCode.Conflict);
    }

    [EmbeddedFact]
    public async Task A6_EventStream_ResumesAcrossARestart()
    {
        var run = (await Api.LaunchTaskAsync("sleep-3s")).Text("workflow_id");
        string last;
        await using (var stream = await Api.StreamAsync($"workflows/{run}/events"))
            last = (await stream.UntilAsync(one => one.Type == "task.started"))[^1].Id;
        await _server.RestartAsync();
        await using var rest = await Api.StreamAsync($"workflows/{run}/events", last);
        var events = await rest.UntilAsync(one => one.EndsRun);
        Assert.Equal(long.Parse(last, null) + 1, events[0].Data.GetProperty("sequence").GetInt64());
        Assert.Equal("run.completed", events[^1].Type);
    }

    [EmbeddedFact]
    public async Task G_SecondServerOnTheSameData_RefusesToStart()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(_server.Data));
        Assert.Contains(_server.Data, refusal.Message, StringComparison.Ordinal);
        (await Api.GetAsync("workflows")).Expect(HttpStatusCode.OK);
    }

    /// <summary>Puts an agent of that name that takes its time.</summary>
    private async Task PutAgentAsync(string name, string latency) =>
        (await Api.PutAsync(
            $"agents/{name}",
            $"---\nname: {name}\ndescription: Slow.\nprovider: simulated\nsimulate: {{latency: {latency}, output: reviewed}}\n---\nReview.\n",
            "text/markdown")).ExpectSuccess();

    /// <summary>Launches from four callers at once until the server is gone.</summary>
    private Task LoadAsync(ConcurrentQueue<string> accepted) => Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
    {
        while (true)
        {
            try
            {
                accepted.Enqueue((await Api.LaunchTaskAsync("instant")).Text("workflow_id"));
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }));
}
