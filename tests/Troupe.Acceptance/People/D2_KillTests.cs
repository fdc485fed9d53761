namespace Troupe.Acceptance.People;

/// <summary>Callbacks and questions across kills of the server, by people and systems with keys and tokens.</summary>
[Trait("Host", "Embedded")]
public sealed class D2_KillTests : IAsyncLifetime
{
    private Crew _crew = null!;

    public async Task InitializeAsync() => _crew = await Crew.StartAsync();

    public async Task DisposeAsync() => await _crew.DisposeAsync();

    [EmbeddedFact]
    public async Task D2_CallbackBeforeTheWait_IsKeptAcrossAKill_AndCountsOnce()
    {
        var (run, path, token) = await LaunchAsync("sleep-3s");
        (await _crew.Nobody.PostAsync(path, new { n = 1 })).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _crew.Mal.PostAsync(path, new { n = 1 })).ExpectProblem(HttpStatusCode.Forbidden);
        (await _crew.Nobody.PostAsync(path, new { n = 1 }, ("x-callback-token", token), ("webhook-id", "one"))).Expect(HttpStatusCode.Accepted);

        await _crew.KillAndStartAsync();

        (await _crew.Nobody.PostAsync(path, new { n = 1 }, ("x-callback-token", token), ("webhook-id", "one"))).Expect(HttpStatusCode.OK);
        await _crew.Ann.CompleteAsync(run);
        Assert.Single(await _crew.Ann.EventsAsync(run), static one => one.Type == "callback.received");
        (await _crew.Nobody.PostAsync(path, new { n = 2 }, ("x-callback-token", token), ("webhook-id", "two"))).ExpectProblem(HttpStatusCode.Gone);
        (await _crew.Nobody.PostAsync(path, new { n = 2 }, ("x-callback-token", token), ("webhook-id", "one"))).ExpectProblem(HttpStatusCode.Conflict);
        (await _crew.Nobody.PostAsync(path.Replace("deployed", "other", StringComparison.Ordinal), new { }, ("x-callback-token", token))).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _crew.Ann.PostAsync(path.Replace("deployed", "other", StringComparison.Ordinal), new { })).ExpectProblem(HttpStatusCode.NotFound);
        (await _crew.Ann.PostAsync(path.Replace(run, "no-such-run", StringComparison.Ordinal), new { })).ExpectProblem(HttpStatusCode.NotFound);
        var log = (await _crew.Ann.GetAsync($"workflows/{run}/log")).Text;
        foreach (var reason in (string[])["ended", "other_body", "wrong_token", "unknown_name"])
            Assert.Contains($"\"reason\":\"{reason}\"", log, StringComparison.Ordinal);
        Assert.DoesNotContain(token, log + _crew.Log, StringComparison.Ordinal);
    }

    [EmbeddedFact]
    public async Task D2_WaitingRun_AfterAKill_GoesOnWithItsToken()
    {
        var (run, path, token) = await LaunchAsync("instant");
        await _crew.Ann.UntilAsync($"workflows/{run}", static state => state.Status() == "waiting");
        await _crew.KillAndStartAsync();
        (await _crew.Nobody.PostAsync(path, new { }, ("Authorization", $"Bearer {token}"))).Expect(HttpStatusCode.Accepted);
        await _crew.KillAndStartAsync();
        await _crew.Ann.CompleteAsync(run);
        Assert.DoesNotContain("callback_tokens", (await _crew.Ann.GetAsync($"workflows/{run}")).Text, StringComparison.Ordinal);
    }

    [EmbeddedFact]
    public async Task D2_OfTwoDeliveriesAtOneInstant_OneCounts()
    {
        var (run, path, token) = await LaunchAsync("sleep-2s");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => _crew.Nobody.PostAsync(path, new { n }, ("x-callback-token", token), ("webhook-id", $"d{n}"))));
        Assert.Single(answers, static answer => answer.Status == HttpStatusCode.Accepted);
        Assert.All(answers.Where(static answer => answer.Status != HttpStatusCode.Accepted), static answer => answer.ExpectProblem(HttpStatusCode.Conflict));
        await _crew.Ann.CompleteAsync(run);
        var counted = Array.FindIndex(answers, static answer => answer.Status == HttpStatusCode.Accepted);
        var received = Assert.Single(await _crew.Ann.EventsAsync(run), static one => one.Type == "callback.received");
        Assert.Equal($"d{counted}", received.Data.GetProperty("data").Text("delivery_id"));
    }

    [EmbeddedFact]
    public async Task C3_InteractiveTask_AcrossAKill_TakesWhatItsSchemaAllows()
    {
        var launch = await _crew.Ann.LaunchTaskAsync("judge", "rate it");
        var (task, run) = (launch.Text("task_id"), launch.Text("workflow_id"));
        var question = await Eventually.ValueAsync(async () => (await _crew.Ann.GetAsync($"approvals?kind=question&workflow_id={run}")).Json.Items() is [var only] ? only : null);
        var told = await Eventually.ValueAsync(async () => (await _crew.Ann.GetAsync($"notifications?workflow_id={run}")).Json.Items() is [var only] ? only : null);
        Assert.Equal(("approval_requested", question.Text("id")), (told.Text("type"), told.Text("approval_id")));

        await _crew.KillAndStartAsync();

        (await _crew.Ann.PostAsync($"tasks/{task}/answer", new { answer = new { scores = new object[] { 1, 11 } } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/answer/scores/1");
        (await _crew.Ann.PostAsync($"tasks/{task}/answer", new { answer = new { scores = new[] { 1 }, more = true } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/answer/more");
        (await _crew.Ann.PostAsync($"tasks/{task}/answer", new { answer = new { } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/answer");
        (await _crew.Mal.PostAsync($"approvals/{question.Text("id")}", new { answer = new { scores = new[] { 7 } } })).Expect(HttpStatusCode.OK);
        await _crew.KillAndStartAsync();
        await _crew.Ann.CompleteAsync(run);
        Assert.Equal(7, (await _crew.Ann.ResultAsync(task)).GetProperty("scores")[0].GetInt32());
    }

    [EmbeddedFact]
    public async Task C6_Question_AcrossAKill_IsAskedAndAnsweredOnce()
    {
        var launch = await _crew.Ann.LaunchTaskAsync("asker", "paint it");
        var (task, run) = (launch.Text("task_id"), launch.Text("workflow_id"));
        await _crew.Ann.UntilAsync($"tasks/{task}/status", static state => state.Status() == "waiting");
        await _crew.KillAndStartAsync();
        var answers = await Task.WhenAll(_crew.Ann.PostAsync($"tasks/{task}/answer", new { answer = "red" }), _crew.Mal.PostAsync($"approvals/{run}:task.q1-1-0", new { answer = "blue" }));
        Assert.Single(answers, static answer => answer.Status == HttpStatusCode.OK);
        var first = answers[0].Status == HttpStatusCode.OK ? "ann" : "mal";
        Assert.Equal(first, answers.Single(static answer => answer.Status != HttpStatusCode.OK).ExpectProblem(HttpStatusCode.Conflict).Text("closed_by"));
        await _crew.KillAndStartAsync();
        await _crew.Ann.CompleteAsync(run);
        Assert.Equal("asked: paint it", (await _crew.Ann.ResultAsync(task)).ToString());
        Assert.Single(await _crew.Ann.EventsAsync(run), static one => one.Type == "question.asked");
    }

    private async Task<(string Run, string Path, string Token)> LaunchAsync(string first)
    {
        var workflow = new
        {
            name = "called-back",
            phases = new object[]
            {
                new { id = "before", tasks = new[] { new { id = "before", agent = first, prompt = "x" } } },
                new { id = "after", after = new[] { "before" }, gate = new { callback = "deployed" }, tasks = new[] { new { id = "after", agent = "instant", prompt = "x" } } },
            },
        };
        var launch = (await _crew.Ann.PostAsync("workflows", new { workflow })).Expect(HttpStatusCode.Accepted).Json;
        var callback = Assert.Single(launch.Items("callbacks"));
        return (launch.Text("workflow_id"), new Uri(callback.Text("url")).PathAndQuery, callback.Text("token"));
    }
}
