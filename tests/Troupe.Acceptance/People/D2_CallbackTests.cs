namespace Troupe.Acceptance.People;

public sealed class D2_CallbackTests : AcceptanceTest
{
    [Fact]
    public async Task D2_Callback_ResumesThePhase()
    {
        var run = await LaunchAsync("instant");
        await Eventually.SomeAsync(async () => (await Api.RunAsync(run)).Status() == "waiting" ? "waits" : null);
        (await Api.PostAsync($"workflows/{run}/callbacks/deployed", new { version = "1.2" })).ExpectSuccess();
        await Api.CompleteAsync(run);
        Assert.Equal("completed", (await Api.TaskAsync(run, "after")).Status());
    }

    [Fact]
    public async Task D2_CallbackBeforeTheWait_IsKept()
    {
        var run = await LaunchAsync("sleep-1s");
        (await Api.PostAsync($"workflows/{run}/callbacks/deployed", new { early = true })).ExpectSuccess();
        await Api.CompleteAsync(run);
    }

    [Fact]
    public async Task D2_SameDelivery_IsReceivedOnce()
    {
        var run = await LaunchAsync("sleep-3s");
        var delivery = ("webhook-id", Unique("delivery"));
        for (var i = 0; i < 3; i++)
            (await Api.PostAsync($"workflows/{run}/callbacks/deployed", new { n = 1 }, delivery)).ExpectSuccess();
        await Api.CompleteAsync(run);
        Assert.Single(await Api.EventsAsync(run), one => one.Type == "callback.received");
    }

    [Fact]
    public async Task D2_Token_IsToldOnceAndSendsItsCallbackAlone()
    {
        var launch = (await Api.PostAsync("workflows", new { workflow = Definition("instant") }, ("Idempotency-Key", Unique("k")))).Expect(HttpStatusCode.Accepted).Json;
        var callback = Assert.Single(launch.Items("callbacks"));
        Assert.Equal("deployed", callback.Text("name"));
        (await Api.PostAsync(callback.Text("url"), new { }, ("x-callback-token", callback.Text("token")[..^1] + "-"))).ExpectProblem(HttpStatusCode.Unauthorized);
        (await Api.PostAsync(callback.Text("url"), new { ok = true }, ("Authorization", $"Bearer {callback.Text("token")}"))).Expect(HttpStatusCode.Accepted);
        await Api.CompleteAsync(launch.Text("workflow_id"));
        Assert.Equal("wrong_token", Assert.Single(await Api.EventsAsync(launch.Text("workflow_id")), one => one.Type == "callback.refused").Data.GetProperty("data").Text("reason"));
        var again = (await Api.PostAsync($"workflows/{launch.Text("workflow_id")}/rerun", new { from = "after" })).Expect(HttpStatusCode.Accepted).Json;
        Assert.NotEqual(callback.Text("token"), Assert.Single(again.Items("callbacks")).Text("token"));
        (await Api.PostAsync($"workflows/{again.Text("workflow_id")}/cancel")).ExpectSuccess();
    }

    [Fact]
    public async Task D2_LateAndOtherDeliveries_AreRefused()
    {
        var run = await LaunchAsync("instant");
        (await Api.PostAsync($"workflows/{run}/callbacks/deployed", new { n = 1 }, ("webhook-id", "one"))).Expect(HttpStatusCode.Accepted);
        (await Api.PostAsync($"workflows/{run}/callbacks/deployed", new { n = 2 }, ("webhook-id", "one"))).ExpectProblem(HttpStatusCode.Conflict);
        await Api.CompleteAsync(run);
        (await Api.PostAsync($"workflows/{run}/callbacks/deployed", new { n = 1 }, ("webhook-id", "one"))).Expect(HttpStatusCode.OK);
        (await Api.PostAsync($"workflows/{run}/callbacks/deployed", new { n = 3 }, ("webhook-id", "two"))).ExpectProblem(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task D2_UnknownRun_Is404() =>
        (await Api.PostAsync("workflows/no-such-run/callbacks/deployed", new { })).ExpectProblem(HttpStatusCode.NotFound);

    [Fact]
    public async Task D2_UnknownName_Is404()
    {
        var run = await LaunchAsync("instant");
        (await Api.PostAsync($"workflows/{run}/callbacks/other", new { })).ExpectProblem(HttpStatusCode.NotFound);
        (await Api.PostAsync($"workflows/{run}/callbacks/deployed", new { })).ExpectSuccess();
        await Api.CompleteAsync(run);
    }

    private Task<string> LaunchAsync(string first) => Api.LaunchAsync(Definition(first));

    private static object Definition(string first) => new
    {
        name = "called-back",
        phases = new object[]
        {
            new { id = "before", tasks = new[] { new { id = "before", agent = first, prompt = "x" } } },
            new
            {
                id = "after",
                after = new[] { "before" },
                gate = new { callback = "deployed" },
                tasks = new[] { new { id = "after", agent = "instant", prompt = "x" } },
            },
        },
    };
}
