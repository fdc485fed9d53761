using System.Globalization;

namespace Troupe.Acceptance.Durable;

/// <summary>The durable management API (http-api, section 2): reading an instance and listing many.</summary>
public sealed class DurableInstanceTests : AcceptanceTest
{
    [Fact]
    public async Task Durable_StatusOfTheLaunchAnswer_Is202WhileItGoesOnAnd200AtItsEnd()
    {
        var launch = await Api.LaunchTaskAsync("sleep-1s");
        var uri = launch.GetProperty("durable").Text("statusQueryGetUri");
        var going = (await Api.GetAsync(uri)).Expect(HttpStatusCode.Accepted);
        Assert.NotNull(going.Headers.RetryAfter);
        Assert.Equal(uri, going.Headers.Location?.OriginalString);
        Assert.Contains(going.Json.Text("runtimeStatus"), new[] { "Pending", "Running" });

        await Api.CompleteAsync(launch.Text("workflow_id"));
        var ended = await EndedAsync(launch.Text("workflow_id"));
        Assert.Equal("Completed", ended.Text("runtimeStatus"));
        Assert.Equal("WorkflowOrchestrator", ended.Text("name"));
        Assert.Equal(launch.Text("workflow_id"), ended.Text("instanceId"));
        Assert.Equal(JsonValueKind.Object, ended.GetProperty("output").ValueKind);
        Assert.All(new[] { "createdTime", "lastUpdatedTime" }, name => Assert.True(
            DateTime.TryParseExact(ended.Text(name), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out var _), ended.GetRawText()));
    }

    [Fact]
    public async Task Durable_Input_IsShownUnlessDeclined()
    {
        var run = await FinishedAsync();
        Assert.True((await GetAsync($"instances/{run}")).Json.Has("input"));
        Assert.False((await GetAsync($"instances/{run}?showInput=false")).Json.Has("input"));
    }

    [Fact]
    public async Task Durable_History_IsShownOnDemandInPascalCase()
    {
        var run = await FinishedAsync();
        Assert.False((await GetAsync($"instances/{run}")).Json.Has("historyEvents"));

        var events = (await GetAsync($"instances/{run}?showHistory=true")).Json.Items("historyEvents");
        Assert.Equal("ExecutionStarted", events[0].Text("EventType"));
        Assert.Equal("WorkflowOrchestrator", events[0].Text("FunctionName"));
        Assert.Equal("ExecutionCompleted", events[^1].Text("EventType"));
        Assert.Equal("Completed", events[^1].Text("OrchestrationStatus"));
        Assert.Contains(events, one => one.Text("EventType") == "TaskCompleted" && one.Has("FunctionName") && one.Has("ScheduledTime"));
        Assert.All(events, one => Assert.True(one.Has("Timestamp")));
        Assert.All(events, one => Assert.False(one.Has("Result")));

        var told = (await GetAsync($"instances/{run}?showHistory=true&showHistoryOutput=true")).Json.Items("historyEvents");
        Assert.Contains(told, one => one.Has("Result"));
    }

    [Fact]
    public async Task Durable_UnknownInstance_Is404() => (await GetAsync("instances/no-such-instance")).ExpectProblem(HttpStatusCode.NotFound);

    [Fact]
    public async Task Durable_List_FiltersByPrefixStatusAndTime()
    {
        var prefix = Unique("listed");
        for (var i = 0; i < 3; i++)
            (await Api.PostAsync("tasks", new { id = $"{prefix}-{i}", agent = "instant", prompt = "x" })).Expect(HttpStatusCode.Accepted);
        for (var i = 0; i < 3; i++)
            await EndedAsync($"{prefix}-{i}");

        var own = (await ListAsync($"instanceIdPrefix={prefix}")).Where(id => !id.Contains(':', StringComparison.Ordinal));
        Assert.Equal([$"{prefix}-0", $"{prefix}-1", $"{prefix}-2"], own.Order(StringComparer.Ordinal));
        Assert.NotEmpty(await ListAsync($"instanceIdPrefix={prefix}&runtimeStatus=Completed,Failed"));
        Assert.Empty(await ListAsync($"instanceIdPrefix={prefix}&runtimeStatus=Running,Pending"));
        Assert.NotEmpty(await ListAsync($"instanceIdPrefix={prefix}&createdTimeFrom=2020-01-01T00:00:00Z"));
        Assert.Empty(await ListAsync($"instanceIdPrefix={prefix}&createdTimeTo=2020-01-01T00:00:00Z"));
    }

    [Fact]
    public async Task Durable_List_GoesOnByItsContinuationHeader()
    {
        var prefix = Unique("paged");
        for (var i = 0; i < 5; i++)
            (await Api.PostAsync("tasks", new { id = $"{prefix}-{i}", agent = "instant", prompt = "x" })).Expect(HttpStatusCode.Accepted);
        for (var i = 0; i < 5; i++)
            await EndedAsync($"{prefix}-{i}");
        var all = await ListAsync($"instanceIdPrefix={prefix}");
        Assert.Equal(all.Order(StringComparer.Ordinal), (await ListAsync($"instanceIdPrefix={prefix}&top=2")).Order(StringComparer.Ordinal));
        Assert.Equal(all.Count, all.Distinct(StringComparer.Ordinal).Count());
    }

    [EmbeddedFact(Reasons.PlatformsPath)]
    public async Task Durable_PlatformPath_AnswersToo()
    {
        var run = await FinishedAsync();
        var answer = await Api.GetAsync($"/runtime/webhooks/durabletask/instances/{run}");
        Assert.Equal("Completed", answer.Expect(HttpStatusCode.OK).Json.Text("runtimeStatus"));
    }

    private Task<Answer> GetAsync(string path) => Api.GetAsync($"durable/{path}");

    private async Task<string> FinishedAsync()
    {
        var run = (await Api.LaunchTaskAsync("instant")).Text("workflow_id");
        await EndedAsync(run);
        return run;
    }

    /// <summary>The record of a run may be terminal a moment before its instance is.</summary>
    private async Task<JsonElement> EndedAsync(string instance) => await Eventually.ValueAsync(async () =>
    {
        var answer = await GetAsync($"instances/{instance}");
        return answer.Status == HttpStatusCode.OK ? answer.Json : null;
    });

    private async Task<IReadOnlyList<string>> ListAsync(string query)
    {
        const string header = "x-ms-continuation-token";
        var ids = new List<string>();
        var token = "";
        do
        {
            (string, string)[] headers = token.Length == 0 ? [] : [(header, token)];
            var page = (await Api.SendAsync(HttpMethod.Get, $"durable/instances?{query}", null, headers)).Expect(HttpStatusCode.OK);
            ids.AddRange(page.Json.EnumerateArray().Select(instance => instance.Text("instanceId")));
            token = page.Headers.TryGetValues(header, out var next) ? next.Single() : "";
        }
        while (token.Length > 0);
        return ids;
    }
}
