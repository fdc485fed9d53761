using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Access;
using Troupe.Core.Records;
using Troupe.Web.Tests.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Streaming;

public sealed class EventTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task OfRun_Stream_TellsWhatIsStoredThenWhatComesAndEnds()
    {
        await _app.RunAsync("r");
        await using var events = await ServerSentEvents.OpenAsync(_app, "/api/v1/workflows/r/events");
        Assert.Equal("text/event-stream", events.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["no"], events.Response.Headers.GetValues("X-Accel-Buffering"));
        Assert.Equal(("1", "run.queued"), await ShortAsync(events));

        await _app.AppendAsync("r", Seed.Event("task.started", "r:task", new { attempt = 1 }));
        var (id, type, data) = (await events.NextAsync())!.Value;
        Assert.Equal(("2", "task.started"), (id, type));
        Assert.Equal("r", data.GetProperty("workflow_id").GetString());
        Assert.Equal("r:task", data.GetProperty("task_id").GetString());
        Assert.Equal(2, data.GetProperty("sequence").GetInt64());
        Assert.Equal("2030-01-01T00:00:00Z", data.GetProperty("time").GetString());
        Assert.Equal(1, data.GetProperty("data").GetProperty("attempt").GetInt32());

        await _app.EndAsync("r", WorkStatus.Completed, "run.completed");
        Assert.Equal(("3", "run.completed"), await ShortAsync(events));
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task OfRun_ManyEvents_ComeWithoutGaps()
    {
        await _app.RunAsync("r");
        await _app.AppendAsync("r", [.. Enumerable.Range(0, 998).Select(_ => Seed.Event("task.progress"))]);
        await _app.EndAsync("r", WorkStatus.Failed, "run.failed");
        await using var events = await ServerSentEvents.OpenAsync(_app, "/api/v1/workflows/r/events");
        var ids = new List<string>();
        while (await events.NextAsync() is { } next)
            ids.Add(next.Id);
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => $"{i}"), ids);
    }

    [Theory]
    [InlineData("/api/v1/workflows/r/events", "2")]
    [InlineData("/api/v1/workflows/r/events?after=2", null)]
    [InlineData("/api/v1/workflows/r/events?after=1", "2")]
    public async Task OfRun_Resumed_GoesOnAfterTheLastOneSeen(string path, string? lastEventId)
    {
        await _app.RunAsync("r");
        await _app.AppendAsync("r", Seed.Event("a.b"), Seed.Event("c.d"));
        await using var events = await ServerSentEvents.OpenAsync(_app, path, lastEventId);
        Assert.Equal(("3", "c.d"), await ShortAsync(events));
    }

    [Fact]
    public async Task OfRun_ResumedAfterTheEnd_Is204()
    {
        await _app.RunAsync("r", WorkStatus.Completed);
        var reply = await _app.GetAsync("/api/v1/workflows/r/events", ("Last-Event-ID", "1"));
        Assert.Equal(HttpStatusCode.NoContent, reply.Status);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("0x10")]
    [InlineData("99999999999999999999999")]
    [InlineData("1; DROP TABLE events")]
    [InlineData("%0d%0aevent:evil")]
    public async Task OfRun_HostileLastEventId_Is400(string id)
    {
        await _app.RunAsync("r");
        (await _app.GetAsync("/api/v1/workflows/r/events", ("Last-Event-ID", id))).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("after=-1", "?after")]
    [InlineData("after=x", "?after")]
    [InlineData("limit=0", "?limit")]
    [InlineData("limit=501", "?limit")]
    [InlineData("since=1", "?since")]
    public async Task OfRun_BadQuery_Is400(string query, string place) =>
        (await _app.GetAsync($"/api/v1/workflows/r/events?{query}")).ExpectProblem(HttpStatusCode.BadRequest, place);

    [Fact]
    public async Task OfRun_Json_IsAPage()
    {
        await _app.RunAsync("r");
        await _app.AppendAsync("r", Seed.Event("a.b"), Seed.Event("c.d"));
        var page = (await _app.GetAsync("/api/v1/workflows/r/events?limit=2", ("Accept", "application/json"))).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(["run.queued", "a.b"], page.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("type").GetString()));
        Assert.Equal(2, page.GetProperty("last").GetInt64());
        var rest = (await _app.GetAsync("/api/v1/workflows/r/events?after=3", ("Accept", "application/json"))).Json;
        Assert.Equal("""{"events":[],"last":3}""", rest.GetRawText());
    }

    [Fact]
    public async Task OfRun_Silent_BeatsUntilItIsOver()
    {
        await _app.RunAsync("r");
        await HearBeatAsync(_app);
    }

    [Fact]
    public async Task OfRun_SilentLogThatWakesItsReadersForNothing_BeatsAllTheSame()
    {
        await using var app = await TestApp.StartAsync(services: static services =>
        {
            var stored = (IEventLog)services.Single(static service => service.ServiceType == typeof(IEventLog)).ImplementationInstance!;
            services.AddSingleton<IEventLog>(new RestlessLog(stored));
        });
        await app.RunAsync("r");
        await HearBeatAsync(app);
    }

    private static async Task HearBeatAsync(TestApp app)
    {
        await using var events = await ServerSentEvents.OpenAsync(app, "/api/v1/workflows/r/events?after=1");
        Assert.Equal((": open", ""), (await events.LineAsync(), await events.LineAsync()));
        var line = events.LineAsync();
        while (!line.IsCompleted)
        {
            app.Time.Advance(TimeSpan.FromSeconds(15));
            await Task.Yield();
        }

        Assert.Equal(": still here", await line);
    }

    [Fact]
    public async Task OfRun_LongestDuration_EndsTheStream()
    {
        await using var app = await TestApp.StartAsync(options => options.MaxStreamDuration = TimeSpan.FromSeconds(200));
        await app.RunAsync("r");
        await using var events = await ServerSentEvents.OpenAsync(app, "/api/v1/workflows/r/events");
        Assert.NotNull(await events.NextAsync());
        app.Time.Advance(TimeSpan.FromSeconds(200));
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task OfRun_ServerStops_EndsTheStream()
    {
        await _app.RunAsync("r");
        await using var events = await ServerSentEvents.OpenAsync(_app, "/api/v1/workflows/r/events");
        Assert.NotNull(await events.NextAsync());
        var stopped = _app.StopAsync();
        Assert.Null(await events.NextAsync());
        await stopped;
    }

    [Fact]
    public async Task Streams_MoreThanAllowed_Is429()
    {
        await using var app = await TestApp.StartAsync(options => options.MaxStreams = 1);
        await app.RunAsync("r");
        await using var first = await ServerSentEvents.OpenAsync(app, "/api/v1/workflows/r/events");
        (await app.GetAsync("/api/v1/workflows/r/events")).ExpectProblem(HttpStatusCode.TooManyRequests);
        (await app.GetAsync("/api/v1/workflows/r?wait=5s")).ExpectProblem(HttpStatusCode.TooManyRequests);
        (await app.GetAsync("/api/v1/workflows/r")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Streams_ThatOneTokenHoldsOpen_LeaveOthersTheirs()
    {
        await using var app = await TestApp.StartAsync(options => options.MaxStreams = 1);
        var operating = TestKeys.Bearer((await app.KeyAsync(Roles.Operator, "ada")).Text);
        var urls = new List<string>();
        foreach (var id in new[] { "one", "other" })
        {
            var launched = (await app.PostAsync("/api/v1/workflows", $$$"""{"id":"{{{id}}}","workflow":{"name":"w","phases":[{"id":"p","tasks":[{"id":"t","agent":"generalist","prompt":"x"}]}]}}""", operating)).Expect(HttpStatusCode.Accepted);
            urls.Add($"/api/v1/workflows/{id}/events{new Uri(launched.Get("check_status_url")).Query}");
        }

        await using var held = await ServerSentEvents.OpenAsync(app, urls[0]);
        (await app.GetAsync(urls[0])).ExpectProblem(HttpStatusCode.TooManyRequests);
        await using var others = await ServerSentEvents.OpenAsync(app, urls[1]);
        Assert.NotNull(await others.NextAsync());
    }

    [Fact]
    public async Task OfAll_Stream_BeginsNowAndCarriesEveryRun()
    {
        await _app.RunAsync("old");
        await using var events = await ServerSentEvents.OpenAsync(_app, "/api/v1/events");
        await _app.RunAsync("one");
        await _app.RunAsync("two");
        Assert.Equal("one", (await events.NextAsync())!.Value.Data.GetProperty("workflow_id").GetString());
        Assert.Equal(("3", "run.queued"), await ShortAsync(events));
    }

    [Fact]
    public async Task OfAll_Resumed_MissesNothing()
    {
        await _app.RunAsync("one");
        await _app.RunAsync("two");
        await using var events = await ServerSentEvents.OpenAsync(_app, "/api/v1/events", "1");
        Assert.Equal("two", (await events.NextAsync())!.Value.Data.GetProperty("workflow_id").GetString());
    }

    [Fact]
    public async Task OfAll_Json_BeginsAtTheBeginning()
    {
        await _app.RunAsync("one");
        var page = (await _app.GetAsync("/api/v1/events", ("Accept", "application/json"))).Json;
        Assert.Equal(1, page.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task Log_IsTextWithoutControlCharacters()
    {
        await _app.RunAsync("r");
        await _app.AppendAsync("r", Seed.Event("task.progress", "r:task", new { text = "\u001b[31mred\nline" }));
        var reply = (await _app.GetAsync("/api/v1/workflows/r/log")).Expect(HttpStatusCode.OK);
        Assert.Equal("text/plain", reply.ContentHeaders.ContentType!.MediaType);
        var lines = reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("2030-01-01T00:00:00.000Z  run.queued            r  {}", lines[0]);
        Assert.Equal("""2030-01-01T00:00:00.000Z  task.progress         r:task  {"text":"\u001B[31mred\nline"}""", lines[1]);
    }

    [Fact]
    public async Task Log_Long_IsComplete()
    {
        await _app.RunAsync("r");
        await _app.AppendAsync("r", [.. Enumerable.Range(0, 250).Select(_ => Seed.Event("task.progress"))]);
        Assert.Equal(251, (await _app.GetAsync("/api/v1/workflows/r/log")).Text.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("events")]
    [InlineData("log")]
    public async Task OfRun_Unknown_Is404(string part) =>
        (await _app.GetAsync($"/api/v1/workflows/none/{part}")).ExpectProblem(HttpStatusCode.NotFound);

    private static async Task<(string, string)> ShortAsync(ServerSentEvents events)
    {
        var (id, type, _) = (await events.NextAsync())!.Value;
        return (id, type);
    }

    /// <summary>As one that has to look whether another process wrote something.</summary>
    private sealed class RestlessLog(IEventLog inner) : IEventLog
    {
        public async Task WaitForAppendAsync(string? runId, CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }

        public Task AppendAsync(string runId, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken) => inner.AppendAsync(runId, events, cancellationToken);

        public Task<IReadOnlyList<RunEvent>> ReadAsync(string runId, long afterSequence, int limit, CancellationToken cancellationToken) =>
            inner.ReadAsync(runId, afterSequence, limit, cancellationToken);

        public Task<IReadOnlyList<RunEvent>> ReadAllAsync(long afterPosition, int limit, CancellationToken cancellationToken) =>
            inner.ReadAllAsync(afterPosition, limit, cancellationToken);

        public Task<long> GetLastPositionAsync(CancellationToken cancellationToken) => inner.GetLastPositionAsync(cancellationToken);
    }
}
