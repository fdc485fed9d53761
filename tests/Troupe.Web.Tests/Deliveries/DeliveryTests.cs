using System.Net;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Testing.Stores;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Deliveries;

public sealed class DeliveryTests : IAsyncLifetime
{
    private const string Path = "/api/v1/webhook-deliveries";

    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task List_Delivery_TellsItsAttempts()
    {
        await AddAsync("d", delivery => delivery with
        {
            Status = DeliveryStatus.Dead,
            ClosedAt = SampleRecords.Start,
            NextAttemptAt = null,
            Attempts = [new DeliveryAttempt(1, 1, SampleRecords.Start, 500, "oops", new Failure(FailureKinds.DeliveryFailed, "answered 500", Retryable: true, Detail: "stack"))],
        });

        var reply = (await _app.GetAsync(Path)).Expect(HttpStatusCode.OK);

        Assert.Equal(
            """{"items":[{"id":"d","workflow_id":"r","sequence":1,"type":"workflow.completed","url":"https://example.com/hook","status":"dead","created_at":"2030-01-01T00:00:00Z","closed_at":"2030-01-01T00:00:00Z","round":1,"attempts":[{"round":1,"number":1,"at":"2030-01-01T00:00:00Z","response_status":500,"response":"oops","error":{"kind":"delivery_failed","message":"answered 500","retryable":true}}]}]}""",
            reply.Text);
    }

    [Theory]
    [InlineData("", "c,b,a")]
    [InlineData("?status=pending", "b,a")]
    [InlineData("?status=dead", "c")]
    [InlineData("?workflow_id=s", "b")]
    [InlineData("?workflow_id=s&status=dead", "")]
    [InlineData("?limit=2", "c,b")]
    public async Task List_Filters_FindWhatMatches(string query, string ids)
    {
        await SeedAsync();
        var items = (await _app.GetAsync(Path + query)).Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray();
        Assert.Equal(ids, string.Join(',', items.Select(static item => item.GetProperty("id").GetString())));
    }

    [Fact]
    public async Task List_Cursor_LeadsOn()
    {
        await SeedAsync();
        var cursor = (await _app.GetAsync($"{Path}?limit=2")).Get("cursor");
        var rest = (await _app.GetAsync($"{Path}?limit=2&cursor={cursor}")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("a", rest.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.False(rest.TryGetProperty("cursor", out _));
    }

    [Theory]
    [InlineData("?status=lost", "?status")]
    [InlineData("?status=dead,pending", "?status")]
    [InlineData("?limit=0", "?limit")]
    [InlineData("?run=r", "?run")]
    public async Task List_BadQuery_IsNamed(string query, string pointer) =>
        (await _app.GetAsync(Path + query)).ExpectProblem(HttpStatusCode.BadRequest, pointer);

    [Fact]
    public async Task Redeliver_Dead_IsAcceptedAndStarted()
    {
        await SeedAsync();

        var reply = (await _app.PostAsync($"{Path}/c/redeliver")).Expect(HttpStatusCode.Accepted);

        Assert.Equal(("pending", 2), (reply.Get("status"), reply.Json.GetProperty("round").GetInt32()));
        Assert.Contains(("start", "dlv-c.2", nameof(DeliveryOrchestrator)), _app.Engine.Calls);
    }

    [Fact]
    public async Task Redeliver_Pending_Is409()
    {
        await SeedAsync();
        var problem = (await _app.PostAsync($"{Path}/a/redeliver")).ExpectProblem(HttpStatusCode.Conflict);
        Assert.Equal("2030-01-01T00:00:00Z", problem.GetProperty("next_attempt_at").GetString());
        Assert.Empty(_app.Engine.Calls);
    }

    [Fact]
    public async Task Redeliver_Unknown_Is404() =>
        (await _app.PostAsync($"{Path}/none/redeliver")).ExpectProblem(HttpStatusCode.NotFound);

    private async Task SeedAsync()
    {
        await AddAsync("a", static delivery => delivery);
        await AddAsync("b", static delivery => delivery with { RunId = "s", CreatedAt = delivery.CreatedAt.AddHours(1) });
        await AddAsync("c", static delivery => delivery with { Status = DeliveryStatus.Dead, CreatedAt = delivery.CreatedAt.AddHours(2) });
    }

    private Task AddAsync(string id, Func<DeliveryRecord, DeliveryRecord> change) =>
        _app.Stores.Deliveries.CreateIfAbsentAsync(change(SampleRecords.Delivery("r", id)), CancellationToken.None);
}
