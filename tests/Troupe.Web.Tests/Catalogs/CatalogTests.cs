using System.Net;
using System.Text;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Catalogs;

public sealed class CatalogTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Agents_List_HasProblemsButNoPrompts()
    {
        _app.Agents.Problems = [new Problem("Broken.", "/name", "/srv/secret/place/x.md", 3, 1)];
        var reply = (await _app.GetAsync("/api/v1/agents")).Expect(HttpStatusCode.OK);
        Assert.Equal(["generalist", "reviewer"], reply.Json.GetProperty("items").EnumerateArray().Select(agent => agent.GetProperty("name").GetString()));
        Assert.Equal("""[{"detail":"Broken.","pointer":"/name","file":"x.md","line":3,"column":1}]""", reply.Json.GetProperty("problems").GetRawText());
        Assert.DoesNotContain("You are", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reviewer")]
    [InlineData("staff/reviewer.md")]
    [InlineData("staff%2Freviewer.md")]
    public async Task Agent_ByNameOrPath_IsTold(string name) =>
        Assert.Equal("You are reviewer.", (await _app.GetAsync($"/api/v1/agents/{name}")).Expect(HttpStatusCode.OK).Get("system_prompt"));

    [Theory]
    [InlineData("nobody")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    public async Task Agent_Unknown_Is404(string name) => (await _app.GetAsync($"/api/v1/agents/{name}")).ExpectProblem(HttpStatusCode.NotFound);

    [Fact]
    public async Task Agent_Put_IsVersioned()
    {
        var first = (await _app.PutAsync("/api/v1/agents/helper", "Help.", "text/markdown")).Expect(HttpStatusCode.Created);
        Assert.Equal("""{"name":"helper","version":1,"url":"http://localhost/api/v1/agents/helper"}""", first.Text);
        Assert.Equal("http://localhost/api/v1/agents/helper", first.Header("Location"));
        var second = (await _app.PutAsync("/api/v1/agents/helper", "Help more.", "text/markdown")).Expect(HttpStatusCode.OK);
        Assert.Equal(2, second.Json.GetProperty("version").GetInt32());
        var document = await _app.Stores.Documents.GetAsync(DocumentKinds.Agent, "helper", null, default);
        Assert.Equal(("Help more.", "local"), (document!.Text, document.User));
    }

    [Fact]
    public async Task Agent_PutBroken_Is422WithEveryProblem()
    {
        var problem = (await _app.PutAsync("/api/v1/agents/helper", "broken", "text/markdown")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/", "");
        Assert.Equal(2, problem.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.Null(await _app.Stores.Documents.GetAsync(DocumentKinds.Agent, "helper", null, default));
    }

    [Fact]
    public async Task Agent_PutUnderAnotherName_Is422() =>
        (await _app.PutAsync("/api/v1/agents/helper", "---\nname: other\n---\nx", "text/markdown")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/name");

    [Theory]
    [InlineData("agents/.hidden", "text/markdown")]
    [InlineData("agents/a%20b", "text/markdown")]
    [InlineData("definitions/..x", "application/yaml")]
    public async Task Put_BadName_Is400(string path, string type) =>
        (await _app.PutAsync($"/api/v1/{path}", "x", type)).ExpectProblem(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("agents/a", "application/json")]
    [InlineData("agents/a", "text/plain")]
    [InlineData("definitions/a", "text/plain")]
    public async Task Put_WrongType_Is415(string path, string type) =>
        (await _app.PutAsync($"/api/v1/{path}", "x", type)).ExpectProblem(HttpStatusCode.UnsupportedMediaType);

    [Fact]
    public async Task Put_TooLarge_Is413() =>
        (await _app.PutAsync("/api/v1/agents/a", new string('x', (1 << 20) + 1), "text/markdown")).ExpectProblem(HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public async Task Put_InvalidUtf8_Is400()
    {
        var content = new ByteArrayContent([0xC3, 0x28]);
        content.Headers.ContentType = new("text/markdown");
        (await _app.SendAsync(HttpMethod.Put, "/api/v1/agents/a", content)).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("agents/helper", "Help.", "text/markdown")]
    [InlineData("definitions/pair", FakeWorkflows.Text, "application/yaml")]
    public async Task Delete_Put_IsGone(string path, string text, string type)
    {
        (await _app.PutAsync($"/api/v1/{path}", text, type)).Expect(HttpStatusCode.Created);
        (await _app.DeleteAsync($"/api/v1/{path}")).Expect(HttpStatusCode.NoContent);
        (await _app.DeleteAsync($"/api/v1/{path}")).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Definitions_List_HasInputsButNoTexts()
    {
        _app.Workflows.Problems = [new Problem("Broken.", "/phases", "/srv/x.yaml", 1, 1)];
        var reply = (await _app.GetAsync("/api/v1/definitions")).Expect(HttpStatusCode.OK);
        var pair = reply.Json.GetProperty("items")[0];
        Assert.Equal("topic", pair.GetProperty("inputs")[0].GetProperty("name").GetString());
        Assert.Equal("pair.yaml", pair.GetProperty("file").GetString());
        Assert.False(pair.TryGetProperty("text", out _));
        Assert.DoesNotContain("/srv", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Definition_Get_HasItsText()
    {
        Assert.Equal(FakeWorkflows.Text, (await _app.GetAsync("/api/v1/definitions/pair")).Expect(HttpStatusCode.OK).Get("text"));
        (await _app.GetAsync("/api/v1/definitions/none")).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("application/json", """{"name":"mine","phases":[{"id":"p","tasks":[{"id":"t","agent":"generalist","prompt":"x"}]}]}""")]
    [InlineData("application/yaml", "name: mine\nphases:\n  - id: p\n    tasks:\n      - {id: t, agent: generalist, prompt: x}\n")]
    public async Task Definition_Put_IsKeptAsWritten(string type, string text)
    {
        (await _app.PutAsync("/api/v1/definitions/mine", text, type)).Expect(HttpStatusCode.Created);
        Assert.Equal(text, (await _app.Stores.Documents.GetAsync(DocumentKinds.Definition, "mine", null, default))!.Text);
    }

    [Fact]
    public async Task Definition_PutBroken_Is422WithEveryPlace() =>
        (await _app.PutAsync("/api/v1/definitions/mine", """{"name":"mine","phases":[{"id":"p","after":["q"],"tasks":[{"id":"t","agent":"generalist","prompt":"{{"}]}]}""", "application/json"))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "/phases/0/after/0", "/phases/0/tasks/0/prompt");

    [Fact]
    public async Task Definition_PutUnderAnotherName_Is422() =>
        (await _app.PutAsync("/api/v1/definitions/other", FakeWorkflows.Text, "application/yaml")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/name");

    [Fact]
    public async Task Artifact_PutAndGet_IsByItsHashAndHarmless()
    {
        var stored = await PostArtifactAsync(Encoding.UTF8.GetBytes("<script>alert(1)</script>"), "text/html");
        stored.Expect(HttpStatusCode.Created);
        Assert.Equal(stored.Get("url"), stored.Header("Location"));
        Assert.Equal(("text/html", 25), (stored.Get("media_type"), stored.Json.GetProperty("length").GetInt64()));

        var reply = (await _app.GetAsync($"/api/v1/artifacts/{stored.Get("hash")}")).Expect(HttpStatusCode.OK);
        Assert.Equal("<script>alert(1)</script>", reply.Text);
        Assert.Equal("application/octet-stream", reply.ContentHeaders.ContentType!.MediaType);
        Assert.StartsWith("attachment;", reply.Header("Content-Disposition"), StringComparison.Ordinal);
        Assert.Equal("nosniff", reply.Header("X-Content-Type-Options"));
        Assert.Equal("default-src 'none'; sandbox", reply.Header("Content-Security-Policy"));
        Assert.Equal($"\"{stored.Get("hash")}\"", reply.Header("ETag"));
    }

    [Fact]
    public async Task Artifact_Known_Is304()
    {
        var hash = (await PostArtifactAsync([1, 2, 3], "application/octet-stream")).Get("hash");
        (await _app.GetAsync($"/api/v1/artifacts/{hash}", ("If-None-Match", $"\"{hash}\""))).Expect(HttpStatusCode.NotModified);
        Assert.Equal(2, (await _app.GetAsync($"/api/v1/artifacts/{hash}", ("Range", "bytes=1-2"))).Expect(HttpStatusCode.PartialContent).ContentHeaders.ContentLength);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("multipart/form-data; boundary=x", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("image/png", HttpStatusCode.Created)]
    [InlineData(null, HttpStatusCode.UnsupportedMediaType)]
    public async Task Artifact_Type_MustBeNoForms(string? type, HttpStatusCode expected) => (await PostArtifactAsync([1], type)).Expect(expected);

    [Fact]
    public async Task Artifact_TooLarge_Is413()
    {
        var content = new StreamContent(new Zeros(ArtifactLimits.MaxLength + 1));
        content.Headers.ContentType = new("application/octet-stream");
        (await _app.SendAsync(HttpMethod.Post, "/api/v1/artifacts", content)).ExpectProblem(HttpStatusCode.RequestEntityTooLarge);
        content = new StreamContent(new Zeros(ArtifactLimits.MaxLength + 1));
        content.Headers.ContentType = new("application/octet-stream");
        content.Headers.ContentLength = ArtifactLimits.MaxLength + 1;
        (await _app.SendAsync(HttpMethod.Post, "/api/v1/artifacts", content)).ExpectProblem(HttpStatusCode.RequestEntityTooLarge);
    }

    private Task<Reply> PostArtifactAsync(byte[] bytes, string? type)
    {
        var content = new ByteArrayContent(bytes);
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        return _app.SendAsync(HttpMethod.Post, "/api/v1/artifacts", content);
    }

    /// <summary>That many zero bytes, whose number is not told beforehand.</summary>
    private sealed class Zeros(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, _left);
            Array.Clear(buffer, offset, read);
            _left -= read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
