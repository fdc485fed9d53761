using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Access;
using Troupe.Web.Access;
using Troupe.Web.Health;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Errors;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v2/tasks")]
    public async Task Route_Unknown_Is404(string path)
    {
        await using var app = await TestApp.StartAsync();
        (await app.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Method_Wrong_Is405AndNamesTheRightOnes()
    {
        await using var app = await TestApp.StartAsync();
        var reply = await app.DeleteAsync("/api/v1/tasks");
        reply.ExpectProblem(HttpStatusCode.MethodNotAllowed);
        Assert.Equal("POST", reply.Header("Allow"));
    }

    [Fact]
    public async Task Exception_Unexpected_Is500WithoutItsDetails()
    {
        await using var app = await TestApp.StartAsync();
        app.Engine.Failure = new InvalidOperationException("the password is hunter2");
        var reply = await app.GetAsync("/api/v1/durable/instances/x");
        Assert.NotEmpty(reply.ExpectProblem(HttpStatusCode.InternalServerError).GetProperty("trace_id").GetString()!);
        Assert.DoesNotContain("hunter2", reply.Text, StringComparison.Ordinal);
        Assert.Contains(app.Log.Lines, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exception_InTheMiddle_BreaksTheAnswerOff()
    {
        await using var app = await TestApp.StartAsync(map: endpoints => endpoints.MapGet("/halves", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("gone");
        }).RequireRole(Roles.None));
        await Assert.ThrowsAnyAsync<Exception>(() => app.GetAsync("/halves"));
        Assert.Contains(app.Log.Lines, line => line.Contains("broke off", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(BadHttpRequestException), HttpStatusCode.BadRequest)]
    [InlineData(typeof(Troupe.Durable.DurableLimitExceededException), HttpStatusCode.RequestEntityTooLarge)]
    public async Task Exception_Known_HasItsStatus(Type type, HttpStatusCode expected)
    {
        await using var app = await TestApp.StartAsync();
        app.Engine.Failure = (Exception)Activator.CreateInstance(type, "It is so.")!;
        (await app.GetAsync("/api/v1/durable/instances/x")).ExpectProblem(expected);
    }

    [Fact]
    public async Task Ready_WhileItRecovers_Is503AndSaysHowFarItIs()
    {
        var start = new Start { Pending = "1 of 3 instances have been looked at." };
        await using var app = await TestApp.StartAsync(services: services => services.AddSingleton<IReadiness>(start));
        var reply = await app.GetAsync("/readyz");
        reply.ExpectProblem(HttpStatusCode.ServiceUnavailable);
        Assert.Contains("1 of 3 instances", reply.Text, StringComparison.Ordinal);
        (await app.GetAsync("/healthz")).Expect(HttpStatusCode.OK);
        start.Pending = null;
        (await app.GetAsync("/readyz")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Ready_StoreFails_Is503AndHealthIsNot()
    {
        await using var app = await TestApp.StartAsync();
        (await app.GetAsync("/readyz")).Expect(HttpStatusCode.OK);
        (await app.GetAsync("/api/v1/readyz")).Expect(HttpStatusCode.OK);
        app.Engine.Failure = new IOException("disk");
        (await app.GetAsync("/readyz")).ExpectProblem(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("""{"status":"ok"}""", (await app.GetAsync("/healthz")).Expect(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task Store_Unavailable_Is503AndSaysWhatToDoWithoutLoggingIt()
    {
        await using var app = await TestApp.StartAsync();
        app.Engine.Failure = new Durable.StoreUnavailableException("history.db cannot be used. The disk is full: free some space.");
        var reply = await app.GetAsync("/api/v1/durable/instances/x");
        var problem = reply.ExpectProblem(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("urn:troupe:problem:storage", problem.GetProperty("type").GetString());
        Assert.StartsWith("history.db cannot be used. The disk is full: free some space. ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("5", reply.Header("Retry-After"));
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains("history.db", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ready_WritesFail_Is503UntilOneSucceeds()
    {
        var disk = new Disk();
        await using var app = await TestApp.StartAsync(services: services => services.AddSingleton<Durable.IStoreHealth>(disk));
        (await app.GetAsync("/readyz")).Expect(HttpStatusCode.OK);
        disk.Failure = "history.db cannot be used. The disk is full.";
        var reply = await app.GetAsync("/readyz");
        Assert.Equal("urn:troupe:problem:storage", reply.ExpectProblem(HttpStatusCode.ServiceUnavailable).GetProperty("type").GetString());
        Assert.Contains("The disk is full", reply.Text, StringComparison.Ordinal);
        (await app.GetAsync("/healthz")).Expect(HttpStatusCode.OK);
        disk.Failure = null;
        (await app.GetAsync("/readyz")).Expect(HttpStatusCode.OK);
    }

    private sealed class Disk : Durable.IStoreHealth
    {
        public string? Failure { get; set; }

        public Task<string?> CheckWritesAsync(CancellationToken cancellationToken) => Task.FromResult(Failure);
    }

    private sealed class Start : IReadiness
    {
        public string? Pending { get; set; }
    }
}
