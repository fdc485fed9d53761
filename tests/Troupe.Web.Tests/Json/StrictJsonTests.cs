using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Json;

/// <summary>What counts as JSON, seen through a launch.</summary>
public sealed class StrictJsonTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{\"prompt\": ", "line 1, byte 12")]
    [InlineData("{\n \"prompt\": nope}", "line 2, byte 13")]
    [InlineData("{\"prompt\":\"x\"} trailing", "line 1")]
    [InlineData("{\"prompt\":\"x\",}", "line 1")]
    [InlineData("{\"prompt\":\"x\" /* why */}", "line 1")]
    [InlineData("{'prompt':'x'}", "line 1")]
    [InlineData("NaN", "line 1")]
    public async Task Parse_Malformed_Is400AndSaysWhere(string body, string expected)
    {
        var problem = (await _app.PostAsync("/api/v1/tasks", body)).ExpectProblem(HttpStatusCode.BadRequest);
        Assert.Contains(expected, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("reader options", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt":"x","prompt":"y"}""", "/prompt")]
    [InlineData("""{"prompt":"x","pr\u006fmpt":"y"}""", "/prompt")]
    [InlineData("""{"prompt":"x","options":{"metadata":{"a":{"b":1,"b":2}}}}""", "/options/metadata/a/b")]
    [InlineData("""{"prompt":"x","options":{"tags":["a",{"b":1,"b":2}]}}""", "/options/tags/1/b")]
    [InlineData("""{"prompt":"\ud800"}""", "/prompt")]
    [InlineData("""{"prompt":"x","\udc00":1}""", "")]
    public async Task Parse_Ambiguous_Is400WithThePlace(string body, string place) =>
        (await _app.PostAsync("/api/v1/tasks", body)).ExpectProblem(HttpStatusCode.BadRequest, place);

    [Fact]
    public async Task Parse_InvalidUtf8_Is400()
    {
        var content = new ByteArrayContent([.. "{\"prompt\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        (await _app.SendAsync(HttpMethod.Post, "/api/v1/tasks", content)).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(64, HttpStatusCode.UnprocessableEntity)]
    [InlineData(65, HttpStatusCode.BadRequest)]
    [InlineData(100_000, HttpStatusCode.BadRequest)]
    public async Task Parse_Depth_IsBounded(int depth, HttpStatusCode expected) =>
        (await _app.PostAsync("/api/v1/tasks", new string('[', depth) + new string(']', depth))).ExpectProblem(expected);

    [Fact]
    public async Task Parse_ByteOrderMark_IsPassedOver()
    {
        var content = new ByteArrayContent([0xEF, 0xBB, 0xBF, .. "{\"prompt\":\"x\"}"u8]);
        content.Headers.ContentType = new("application/json");
        (await _app.SendAsync(HttpMethod.Post, "/api/v1/tasks", content)).Expect(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Parse_PairOfSurrogates_IsACharacter() =>
        (await _app.PostAsync("/api/v1/tasks", """{"prompt":"\ud83d\ude00"}""")).Expect(HttpStatusCode.Accepted);

    [Theory]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.Accepted)]
    [InlineData("application/vnd.example+json", HttpStatusCode.Accepted)]
    [InlineData("application/json; charset=utf-16", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("multipart/form-data; boundary=x", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("rubbish", HttpStatusCode.UnsupportedMediaType)]
    public async Task ContentType_MustBeJson(string type, HttpStatusCode expected)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"prompt":"x"}"""));
        Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", type));
        (await _app.SendAsync(HttpMethod.Post, "/api/v1/tasks", content)).Expect(expected);
    }

    [Fact]
    public async Task ContentType_Missing_Is415() =>
        (await _app.SendAsync(HttpMethod.Post, "/api/v1/tasks", new ByteArrayContent("{}"u8.ToArray()))).ExpectProblem(HttpStatusCode.UnsupportedMediaType);

    [Fact]
    public async Task Read_BodyThatBreaksOff_Is400()
    {
        var answered = await _app.Server.SendAsync(static context =>
        {
            context.Request.Method = HttpMethods.Post;
            context.Request.Host = new HostString("localhost");
            context.Request.Path = "/api/v1/tasks";
            context.Request.ContentType = "application/json";
            context.Request.Body = new BrokenStream();
        });
        Assert.Equal(StatusCodes.Status400BadRequest, answered.Response.StatusCode);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("Bad chunk size data.");
    }
}
