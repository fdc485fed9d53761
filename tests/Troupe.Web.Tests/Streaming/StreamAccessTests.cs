using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Access;
using Troupe.Core.Launching;
using Troupe.Web.Tests.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Streaming;

/// <summary>An open stream ends with what opened it.</summary>
public sealed class StreamAccessTests : IAsyncLifetime
{
    private static readonly Caller Root = new("root");

    private TestApp _app = null!;

    private KeyRing Ring => _app.Services.GetRequiredService<KeyRing>();

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(static options => options.StatusTokenLifetime = TimeSpan.FromMinutes(2));
        await _app.RunAsync("r");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("/api/v1/workflows/r/events?after=1")]
    [InlineData("/api/v1/events")]
    [InlineData("/api/v1/notifications/events")]
    public async Task Key_Revoked_EndsItsStreamsAtOnceAndNoOthers(string path)
    {
        var (id, key) = await _app.KeyAsync(Roles.Reader, "ada");
        var (_, other) = await _app.KeyAsync(Roles.Reader, "bob");
        await using var ended = await ServerSentEvents.OpenAsync(_app, path, header: TestKeys.Bearer(key));
        await using var open = await ServerSentEvents.OpenAsync(_app, "/api/v1/workflows/r/events?after=1", header: TestKeys.Bearer(other));

        await Ring.RevokeAsync(id, Root, default);

        Assert.Null(await ended.NextAsync());
        await _app.AppendAsync("r", Seed.Event("task.started"));
        Assert.Equal("task.started", (await open.NextAsync())!.Value.Type);
        (await _app.GetAsync(path, TestKeys.Bearer(key))).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Key_RevokedByAnotherProcess_EndsItsStreamsWithTheNextHeartbeat()
    {
        var (id, key) = await _app.KeyAsync(Roles.Reader);
        await using var events = await ServerSentEvents.OpenAsync(_app, "/api/v1/events", header: TestKeys.Bearer(key));

        await _app.Stores.Keys.RevokeAsync(id, _app.Time.GetUtcNow(), "root", default);

        await EndsAsync(events);
    }

    [Fact]
    public async Task Key_Expired_EndsItsStreams()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader, expires: TimeSpan.FromSeconds(5));
        await using var events = await ServerSentEvents.OpenAsync(_app, "/api/v1/events", header: TestKeys.Bearer(key));

        await EndsAsync(events);
    }

    [Fact]
    public async Task Session_Closed_EndsItsStreams()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        var opened = await _app.PostAsync("/api/v1/session", $$"""{"key":"{{key}}"}""");
        var cookie = ("Cookie", opened.Header("Set-Cookie").Split(';')[0]);
        await using var events = await ServerSentEvents.OpenAsync(_app, "/api/v1/events", header: cookie);

        (await _app.SendAsync(HttpMethod.Delete, "/api/v1/session", null, cookie)).Expect(HttpStatusCode.NoContent);

        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task StatusToken_Expired_EndsItsStream()
    {
        var (_, key) = await _app.KeyAsync(Roles.Operator);
        var launched = (await _app.PostAsync("/api/v1/tasks", """{"id":"handed-on","prompt":"x"}""", TestKeys.Bearer(key))).Expect(HttpStatusCode.Accepted);
        var token = new Uri(launched.Get("check_status_url")).Query;
        await using var events = await ServerSentEvents.OpenAsync(_app, "/api/v1/workflows/handed-on/events" + token);
        Assert.Equal("run.queued", (await events.NextAsync())!.Value.Type);

        await EndsAsync(events);
    }

    [Fact]
    public async Task Nobody_FirstKeyMade_EndsStreamsWithoutOne()
    {
        await using var events = await ServerSentEvents.OpenAsync(_app, "/api/v1/events");

        await _app.KeyAsync(Roles.Admin);

        Assert.Null(await events.NextAsync());
    }

    /// <summary>Lets time pass until the stream is over; heartbeats do not count.</summary>
    private async Task EndsAsync(ServerSentEvents events)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var end = events.NextAsync();
        while (!end.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            _app.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Null(await end);
    }
}
