using System.Net;
using static Troupe.Client.Tests.ScriptedServer;

namespace Troupe.Client.Tests;

public sealed class FailureTests
{
    [Fact]
    public async Task Launch_Refused_NamesEveryProblem()
    {
        const string body = """
            {"type":"urn:troupe:problem:invalid","title":"Unprocessable Entity","status":422,"detail":"The request cannot be accepted: there are 2 problems.",
             "errors":[{"detail":"There is no agent 'ghost'.","pointer":"/agent"},{"detail":"A text is required here.","pointer":"/prompt"}]}
            """;
        await using var server = await StartAsync(Problem(422, body));
        using var client = server.Connect();

        var refusal = await Assert.ThrowsAsync<TroupeApiException>(() => client.ScheduleTaskAsync("ghost", ""));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "urn:troupe:problem:invalid"), (refusal.Status, refusal.Type));
        Assert.Equal(["/agent", "/prompt"], refusal.Errors.Select(static error => error.Pointer));
        Assert.Contains("/agent: There is no agent 'ghost'.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("The request cannot be accepted: there are 2 problems.", refusal.Detail);
    }

    [Fact]
    public async Task Get_RateLimited_TellsHowLongToWait()
    {
        await using var server = await StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "7";
            context.Response.StatusCode = 429;
            return Task.CompletedTask;
        });
        using var client = server.Connect();

        var refusal = await Assert.ThrowsAsync<TroupeApiException>(() => client.TaskAsync("t"));

        Assert.Equal(TimeSpan.FromSeconds(7), refusal.RetryAfter);
        Assert.Equal("Too Many Requests", refusal.Title);
    }

    [Theory]
    [InlineData("text/html", "<h1>Bad gateway</h1>")]
    [InlineData("application/json", "not json")]
    public async Task Get_AnswerIsNoProblem_KeepsTheStatus(string type, string body)
    {
        await using var server = await StartAsync(Text(body, 502, type));
        using var client = server.Connect();

        var refusal = await Assert.ThrowsAsync<TroupeApiException>(() => client.WorkflowAsync("r"));

        Assert.Equal(HttpStatusCode.BadGateway, refusal.Status);
        Assert.Empty(refusal.Errors);
    }

    [Fact]
    public async Task Get_ConnectionCut_IsRepeated()
    {
        await using var server = await StartAsync(Cut, Json("""{"task_id":"t","workflow_id":"r","status":"running","attempt":2}"""));
        using var client = server.Connect();

        var task = await client.TaskAsync("t");

        Assert.Equal((WorkStatus.Running, 2), (task.Status, task.Attempt));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Cancel_ConnectionCut_IsNotRepeated()
    {
        await using var server = await StartAsync(Cut);
        using var client = server.Connect();

        await Assert.ThrowsAsync<TroupeUnreachableException>(() => client.CancelAsync("r"));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Get_NobodyListens_IsUnreachableAfterTheRetries()
    {
        var server = await StartAsync();
        var address = server.Address;
        await server.DisposeAsync();
        using var client = TroupeClient.Connect(address, new TroupeClientOptions { ConnectRetries = 2, Backoff = TimeSpan.FromMilliseconds(1) });

        var failure = await Assert.ThrowsAsync<TroupeUnreachableException>(() => client.TaskAsync("t"));

        Assert.Equal(address, failure.Address);
        Assert.False(await client.IsReadyAsync());
    }

    [Fact]
    public async Task Get_StatusOfTheFuture_IsUnknown()
    {
        await using var server = await StartAsync(Json("""{"task_id":"t","workflow_id":"r","status":"hibernating"}"""));
        using var client = server.Connect();

        Assert.Equal(WorkStatus.Unknown, (await client.TaskAsync("t")).Status);
    }

    [Fact]
    public async Task Get_Null_IsAnError()
    {
        await using var server = await StartAsync(Json("null"));
        using var client = server.Connect();

        await Assert.ThrowsAsync<System.Text.Json.JsonException>(() => client.TaskAsync("t"));
    }

    [Fact]
    public void Constructor_NoBaseAddress_IsRefused()
    {
        using var http = new HttpClient();

        Assert.Throws<ArgumentException>(() => new TroupeClient(http));
    }
}
