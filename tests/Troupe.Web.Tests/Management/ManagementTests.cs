using System.Net;
using System.Text;
using System.Text.Json;
using Troupe.Core.Records;
using Troupe.Durable;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Management;

public sealed class ManagementTests : IAsyncLifetime
{
    private const string Base = "/api/v1/durable";

    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync(options => options.DurableAlias = "/runtime/webhooks/durabletask");

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Start_Accepted_AnswersCheckStatus()
    {
        var reply = (await _app.PostAsync($"{Base}/orchestrators/Sample/my-id", """{"n":1}""")).Expect(HttpStatusCode.Accepted);

        Assert.Equal("my-id", reply.Get("id"));
        Assert.Equal("http://localhost/api/v1/durable/instances/my-id", reply.Get("statusQueryGetUri"));
        Assert.Equal("http://localhost/api/v1/durable/instances/my-id", reply.Get("purgeHistoryDeleteUri"));
        Assert.Equal("http://localhost/api/v1/durable/instances/my-id/raiseEvent/{eventName}", reply.Get("sendEventPostUri"));
        Assert.Equal("http://localhost/api/v1/durable/instances/my-id/terminate?reason={text}", reply.Get("terminatePostUri"));
        Assert.Equal("http://localhost/api/v1/durable/instances/my-id/suspend?reason={text}", reply.Get("suspendPostUri"));
        Assert.Equal("http://localhost/api/v1/durable/instances/my-id/resume?reason={text}", reply.Get("resumePostUri"));
        Assert.Equal("http://localhost/api/v1/durable/instances/my-id/rewind?reason={text}", reply.Get("rewindPostUri"));
        Assert.Equal("http://localhost/api/v1/durable/instances/my-id/restart", reply.Get("restartPostUri"));
        Assert.Equal(reply.Get("statusQueryGetUri"), reply.Header("Location"));
        Assert.Equal("10", reply.Header("Retry-After"));
        Assert.Equal("""{"n":1}""", _app.Engine.Find("my-id")!.SerializedInput);
    }

    [Fact]
    public async Task Start_WithoutIdOrInput_IsAccepted()
    {
        var reply = (await _app.PostAsync($"{Base}/orchestrators/Sample?pollingInterval=3")).Expect(HttpStatusCode.Accepted);
        Assert.Equal("generated-id", reply.Get("id"));
        Assert.Equal("3", reply.Header("Retry-After"));
        Assert.Null(_app.Engine.Find("generated-id")!.SerializedInput);
    }

    [Fact]
    public async Task Start_UnknownName_Is400()
    {
        _app.Engine.Orchestrators = ["Sample"];
        (await _app.PostAsync($"{Base}/orchestrators/Nothing", "1")).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("@odd")]
    [InlineData("a%23b")]
    [InlineData("a%5Cb")]
    [InlineData("a%3Fb")]
    [InlineData("run:task")]
    [InlineData("a%0d%0aX-Evil:%201")]
    public async Task Start_BadId_Is400(string id) =>
        (await _app.PostAsync($"{Base}/orchestrators/Sample/{id}", "1")).ExpectProblem(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Start_IdOf257Characters_Is400() =>
        (await _app.PostAsync($"{Base}/orchestrators/Sample/{new string('a', 257)}", "1")).ExpectProblem(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Start_BadJson_Is400() =>
        (await _app.PostAsync($"{Base}/orchestrators/Sample", "{")).ExpectProblem(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    public async Task Start_IdThatExists_Is409EvenIfFinished(OrchestrationRuntimeStatus status)
    {
        _app.Engine.Add("taken", status);
        (await _app.PostAsync($"{Base}/orchestrators/Sample/taken", "1")).ExpectProblem(HttpStatusCode.Conflict);
        Assert.Empty(_app.Engine.Calls);
    }

    [Fact]
    public async Task Start_EndsWithinTimeout_Is200WithItsOutput()
    {
        var answer = _app.PostAsync($"{Base}/orchestrators/Sample/quick?timeout=5", "1");
        await _app.Engine.Waiting.Task;
        _app.Engine.Add("quick", OrchestrationRuntimeStatus.Completed, output: """{"done":true}""");
        Assert.Equal("""{"done":true}""", (await answer).Expect(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task Start_FailsWithinTimeout_Is200WithItsStatus()
    {
        var answer = _app.PostAsync($"{Base}/orchestrators/Sample/quick?timeout=5", "1");
        await _app.Engine.Waiting.Task;
        _app.Engine.Set(_app.Engine.Find("quick")! with { RuntimeStatus = OrchestrationRuntimeStatus.Failed, FailureDetails = new("X", "It broke.") });
        var reply = (await answer).Expect(HttpStatusCode.OK);
        Assert.Equal("Failed", reply.Get("runtimeStatus"));
        Assert.Equal("It broke.", reply.Get("output"));
    }

    [Fact]
    public async Task Start_GoesOnAfterTimeout_Is202()
    {
        var answer = _app.PostAsync($"{Base}/orchestrators/Sample/slow?timeout=5", "1");
        await _app.Engine.Waiting.Task;
        _app.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("slow", (await answer).Expect(HttpStatusCode.Accepted).Get("id"));
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending)]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.ContinuedAsNew)]
    [InlineData(OrchestrationRuntimeStatus.Suspended)]
    public async Task Get_GoesOn_Is202WithLocation(OrchestrationRuntimeStatus status)
    {
        _app.Engine.Add("run:task", status);
        var reply = (await _app.GetAsync($"{Base}/instances/run:task")).Expect(HttpStatusCode.Accepted);
        Assert.Equal(status.ToString(), reply.Get("runtimeStatus"));
        Assert.Equal("http://localhost/api/v1/durable/instances/run:task", reply.Header("Location"));
        Assert.Equal("10", reply.Header("Retry-After"));
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    [InlineData(OrchestrationRuntimeStatus.Canceled)]
    public async Task Get_Ended_Is200(OrchestrationRuntimeStatus status)
    {
        _app.Engine.Add("x", status);
        Assert.Equal(status.ToString(), (await _app.GetAsync($"{Base}/instances/x")).Expect(HttpStatusCode.OK).Get("runtimeStatus"));
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Failed, HttpStatusCode.InternalServerError)]
    [InlineData(OrchestrationRuntimeStatus.Completed, HttpStatusCode.OK)]
    public async Task Get_ReturnInternalServerErrorOnFailure_Is500OnlyForFailed(OrchestrationRuntimeStatus status, HttpStatusCode expected)
    {
        _app.Engine.Add("x", status);
        (await _app.GetAsync($"{Base}/instances/x?returnInternalServerErrorOnFailure=true")).Expect(expected);
    }

    [Fact]
    public async Task Get_Body_HasTheShapeOfDurableFunctions()
    {
        var instance = _app.Engine.Add("x", OrchestrationRuntimeStatus.Completed, "Sample", """{"in":[1]}""", "\"out\"");
        _app.Engine.Set(instance with { SerializedCustomStatus = """{"step":2}""" });
        const string expected =
            """{"name":"Sample","instanceId":"x","runtimeStatus":"Completed","input":{"in":[1]},"customStatus":{"step":2},"output":"out","createdTime":"2030-01-01T00:00:00Z","lastUpdatedTime":"2030-01-01T00:00:00Z"}""";
        Assert.Equal(expected, (await _app.GetAsync($"{Base}/instances/x")).Text);
    }

    [Fact]
    public async Task Get_ShowInputFalse_LeavesItNull()
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Running, input: "1");
        var json = (await _app.GetAsync($"{Base}/instances/x?showInput=false")).Json;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("input").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("output").ValueKind);
        Assert.False(json.TryGetProperty("historyEvents", out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_ShowHistory_ListsEventsInPascalCase(bool withOutput)
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Completed);
        var at = _app.Time.GetUtcNow();
        _app.Engine.Histories["x"] =
        [
            new("ExecutionStarted", at) { Name = "Sample", Input = "1" },
            new("TaskCompleted", at) { Name = "Act", ScheduledTime = at, Result = "\"r\"" },
            new("TimerCreated", at) { FireAt = at.AddHours(1) },
            new("EventRaised", at) { Name = "Go" },
            new("ExecutionCompleted", at) { OrchestrationStatus = OrchestrationRuntimeStatus.Completed, Result = "2" },
        ];
        var json = (await _app.GetAsync($"{Base}/instances/x?showHistory=true&showHistoryOutput={withOutput}")).Json;
        var events = json.GetProperty("historyEvents").EnumerateArray().ToList();
        Assert.Equal("Sample", events[0].GetProperty("FunctionName").GetString());
        Assert.Equal("Act", events[1].GetProperty("FunctionName").GetString());
        Assert.Equal("2030-01-01T00:00:00Z", events[1].GetProperty("ScheduledTime").GetString());
        Assert.Equal("2030-01-01T01:00:00Z", events[2].GetProperty("FireAt").GetString());
        Assert.Equal("Go", events[3].GetProperty("Name").GetString());
        Assert.Equal("Completed", events[4].GetProperty("OrchestrationStatus").GetString());
        Assert.Equal(withOutput, events[1].TryGetProperty("Result", out _));
        Assert.All(events, item => Assert.True(item.TryGetProperty("EventType", out _) && item.TryGetProperty("Timestamp", out _)));
    }

    [Fact]
    public async Task Get_Unknown_Is404() => (await _app.GetAsync($"{Base}/instances/none")).ExpectProblem(HttpStatusCode.NotFound);

    [Fact]
    public async Task List_Filters_ReachTheEngine()
    {
        var reply = await _app.GetAsync(
            $"{Base}/instances?createdTimeFrom=2030-01-01T00:00:00Z&createdTimeTo=2030-01-02T00:00:00Z&runtimeStatus=Running,Failed&instanceIdPrefix=ab&top=7",
            ("x-ms-continuation-token", "next-please"));
        Assert.Equal("[]", reply.Expect(HttpStatusCode.OK).Text);
        var query = _app.Engine.LastQuery!;
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), query.CreatedFrom);
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 0, 0, 0, TimeSpan.Zero), query.CreatedTo);
        Assert.Equal([OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Failed], query.Statuses!);
        Assert.Equal(("ab", 7, "next-please"), (query.InstanceIdPrefix, query.PageSize, query.ContinuationToken));
    }

    [Fact]
    public async Task List_MorePages_AnswersTheToken()
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Running, input: "5");
        _app.Engine.NextContinuationToken = "more";
        var reply = (await _app.GetAsync($"{Base}/instances?showInput=false")).Expect(HttpStatusCode.OK);
        Assert.Equal("more", reply.Header("x-ms-continuation-token"));
        Assert.Equal(JsonValueKind.Null, reply.Json[0].GetProperty("input").ValueKind);
    }

    [Fact]
    public async Task List_ForeignToken_Is400()
    {
        _app.Engine.Refuses = static query => query.ContinuationToken == "junk";
        var reply = await _app.GetAsync($"{Base}/instances", ("x-ms-continuation-token", "junk"));
        Assert.Contains("x-ms-continuation-token", reply.ExpectProblem(HttpStatusCode.BadRequest).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_InputAsDeepAsBodiesMayBe_IsShown()
    {
        var deep = new string('[', 64) + new string(']', 64);
        (await _app.PostAsync($"{Base}/orchestrators/Sample/deep", deep)).Expect(HttpStatusCode.Accepted);
        var reply = await _app.GetAsync($"{Base}/instances/deep");
        Assert.Contains(deep, reply.Expect(HttpStatusCode.Accepted).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("top=0", "?top")]
    [InlineData("top=x", "?top")]
    [InlineData("runtimeStatus=Sleeping", "?runtimeStatus")]
    [InlineData("runtimeStatus=1", "?runtimeStatus")]
    [InlineData("createdTimeFrom=yesterday", "?createdTimeFrom")]
    [InlineData("showInput=maybe", "?showInput")]
    public async Task List_BadParameter_Is400(string query, string place) =>
        (await _app.GetAsync($"{Base}/instances?{query}")).ExpectProblem(HttpStatusCode.BadRequest, place);

    [Fact]
    public async Task Purge_Ended_Is200AndCountsTheOneAskedFor()
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Completed);
        Assert.Equal("""{"instancesDeleted":1}""", (await _app.DeleteAsync($"{Base}/instances/x")).Expect(HttpStatusCode.OK).Text);
        Assert.Null(_app.Engine.Find("x"));
    }

    [Fact]
    public async Task Purge_Unknown_Is404() => (await _app.DeleteAsync($"{Base}/instances/none")).ExpectProblem(HttpStatusCode.NotFound);

    [Fact]
    public async Task Purge_GoesOn_Is412()
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Running);
        (await _app.DeleteAsync($"{Base}/instances/x")).ExpectProblem(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task PurgeMany_Matching_IsCounted()
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Completed);
        _app.Engine.Add("y", OrchestrationRuntimeStatus.Failed);
        var reply = await _app.DeleteAsync($"{Base}/instances?createdTimeFrom=2029-01-01&runtimeStatus=Completed,Failed");
        Assert.Equal("""{"instancesDeleted":2}""", reply.Expect(HttpStatusCode.OK).Text);
        Assert.Equal([OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed], _app.Engine.LastPurge!.Statuses!);
    }

    [Fact]
    public async Task PurgeMany_WithoutFrom_Is400AndDeletesNothing()
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Completed);
        (await _app.DeleteAsync($"{Base}/instances")).ExpectProblem(HttpStatusCode.BadRequest, "?createdTimeFrom");
        Assert.NotNull(_app.Engine.Find("x"));
    }

    [Fact]
    public async Task PurgeMany_NoneMatches_Is404() =>
        (await _app.DeleteAsync($"{Base}/instances?createdTimeFrom=2029-01-01")).ExpectProblem(HttpStatusCode.NotFound);

    [Fact]
    public async Task RaiseEvent_Running_Is202()
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Running);
        var reply = (await _app.PostAsync($"{Base}/instances/x/raiseEvent/Go", """{"a":1}""")).Expect(HttpStatusCode.Accepted);
        Assert.Empty(reply.Text);
        Assert.Equal([("raise", "x", """Go:{"a":1}""")], _app.Engine.Calls);
    }

    [Theory]
    [InlineData("text/plain", "{}")]
    [InlineData("application/x-www-form-urlencoded", "a=b")]
    [InlineData("application/json", "{nope")]
    public async Task RaiseEvent_WrongTypeOrJson_Is400(string type, string body)
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Running);
        var content = new StringContent(body, Encoding.UTF8, type);
        (await _app.SendAsync(HttpMethod.Post, $"{Base}/instances/x/raiseEvent/Go", content)).ExpectProblem(HttpStatusCode.BadRequest);
        Assert.Empty(_app.Engine.Calls);
    }

    [Theory]
    [InlineData("raiseEvent/Go")]
    [InlineData("terminate")]
    [InlineData("suspend")]
    [InlineData("resume")]
    [InlineData("rewind")]
    public async Task Steer_Unknown_Is404(string call) =>
        (await _app.PostAsync($"{Base}/instances/none/{call}", "{}")).ExpectProblem(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("raiseEvent/Go")]
    [InlineData("terminate")]
    [InlineData("suspend")]
    [InlineData("resume")]
    public async Task Steer_Ended_Is410(string call)
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Completed);
        (await _app.PostAsync($"{Base}/instances/x/{call}", "{}")).ExpectProblem(HttpStatusCode.Gone);
    }

    [Theory]
    [InlineData("terminate")]
    [InlineData("suspend")]
    [InlineData("resume")]
    public async Task Steer_Running_Is202WithTheReason(string call)
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Running);
        (await _app.PostAsync($"{Base}/instances/x/{call}?reason=because%20of%20it")).Expect(HttpStatusCode.Accepted);
        Assert.Equal([(call, "x", "because of it")], _app.Engine.Calls);
    }

    [Fact]
    public async Task Rewind_Failed_Is202()
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Failed);
        (await _app.PostAsync($"{Base}/instances/x/rewind?reason=fixed")).Expect(HttpStatusCode.Accepted);
        Assert.Equal([("rewind", "x", "fixed")], _app.Engine.Calls);
    }

    [Fact]
    public async Task Rewind_OfARun_ItsRowSaysAtOnceThatItRuns()
    {
        await _app.RunAsync("r", WorkStatus.Failed);
        _app.Engine.Add("r", OrchestrationRuntimeStatus.Failed);

        (await _app.PostAsync($"{Base}/instances/r/rewind")).Expect(HttpStatusCode.Accepted);

        Assert.Equal(WorkStatus.Running, (await _app.Stores.Runs.GetRunAsync("r", default))!.Status);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    public async Task Rewind_NotFailed_Is412(OrchestrationRuntimeStatus status)
    {
        _app.Engine.Add("x", status);
        (await _app.PostAsync($"{Base}/instances/x/rewind")).ExpectProblem(HttpStatusCode.PreconditionFailed);
    }

    [Theory]
    [InlineData("", "x-again")]
    [InlineData("?restartWithNewInstanceId=true", "x-again")]
    [InlineData("?restartWithNewInstanceId=false", "x")]
    public async Task Restart_Ended_Is202CheckStatus(string query, string id)
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Completed);
        Assert.Equal(id, (await _app.PostAsync($"{Base}/instances/x/restart{query}")).Expect(HttpStatusCode.Accepted).Get("id"));
    }

    [Fact]
    public async Task Restart_Unknown_Is400() => (await _app.PostAsync($"{Base}/instances/none/restart")).ExpectProblem(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Restart_SameIdWhileItGoesOn_Is409()
    {
        _app.Engine.Add("x", OrchestrationRuntimeStatus.Running);
        (await _app.PostAsync($"{Base}/instances/x/restart?restartWithNewInstanceId=false")).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Alias_Start_StaysBelowTheAlias()
    {
        var reply = await _app.PostAsync("/runtime/webhooks/durabletask/orchestrators/Sample/x", "1");
        Assert.Equal("http://localhost/runtime/webhooks/durabletask/instances/x", reply.Expect(HttpStatusCode.Accepted).Get("statusQueryGetUri"));
    }

    [Fact]
    public async Task Alias_NotConfigured_Is404()
    {
        await using var app = await TestApp.StartAsync();
        (await app.GetAsync("/runtime/webhooks/durabletask/instances")).ExpectProblem(HttpStatusCode.NotFound);
    }
}
