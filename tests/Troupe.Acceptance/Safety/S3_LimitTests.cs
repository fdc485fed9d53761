using System.Text;

namespace Troupe.Acceptance.Safety;

public sealed class S3_LimitTests : AcceptanceTest
{
    [Fact]
    public async Task S3_BodyOverAMebibyte_Is413() =>
        (await Api.PostAsync("tasks", new { agent = "echo", prompt = new string('x', 1 << 20) })).ExpectProblem(HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public async Task S3_BodyJustUnderAMebibyte_Runs()
    {
        var prompt = new string('x', (1 << 20) - 200);
        var launch = await Api.LaunchTaskAsync("echo", prompt);
        await Api.CompleteAsync(launch.Text("workflow_id"));
        Assert.Equal(prompt, (await Api.ResultAsync(launch.Text("task_id"))).ToString());
    }

    [Fact]
    public async Task S3_Batch_MayBeLarger()
    {
        var tasks = Enumerable.Range(0, 20).Select(_ => new { agent = "instant", prompt = new string('x', 100_000) });
        var launch = (await Api.PostAsync("batches", new { tasks })).Expect(HttpStatusCode.Accepted).Json;
        await Api.CompleteAsync(launch.Text("workflow_id"));
    }

    [Fact]
    public async Task S3_DeepJson_IsRefused()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200));
        (await Api.PostAsync("workflows", $$$"""{"workflow": "review-pr", "inputs": {"diff": {{{deep}}}}}""")).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("{\"agent\": ")]
    [InlineData("")]
    [InlineData("[1, 2")]
    [InlineData("{\"agent\": \"echo\", \"agent\": \"echo\", \"prompt\": \"x\"}")]
    public async Task S3_BrokenJson_Is400(string body) => (await Api.PostAsync("tasks", body)).ExpectProblem(HttpStatusCode.BadRequest);

    [Fact]
    public async Task S3_UnknownFields_AreAllNamed() =>
        (await Api.PostAsync("tasks", new { agent = "echo", prompt = "x", promt = "y", option = new { } }))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "/option", "/promt");

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task S3_OtherContentTypes_Are415(string type)
    {
        var body = new StringContent("""{"agent": "echo", "prompt": "x"}""", Encoding.UTF8, type);
        (await Api.SendAsync(HttpMethod.Post, "tasks", body)).ExpectProblem(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task S3_UnknownPath_Is404() => (await Api.GetAsync("no/such/path")).ExpectProblem(HttpStatusCode.NotFound);

    [Fact]
    public async Task S3_WrongMethod_Is405() => (await Api.DeleteAsync("tasks")).ExpectProblem(HttpStatusCode.MethodNotAllowed);

    [Fact]
    public async Task S3_Artifacts_StreamInAndOut()
    {
        var bytes = new byte[8 << 20];
        new Random(7).NextBytes(bytes);
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("application/octet-stream");
        var stored = (await Api.SendAsync(HttpMethod.Post, "artifacts", content)).Expect(HttpStatusCode.Created).Json;

        Assert.Equal(bytes.Length, stored.GetProperty("length").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), stored.Text("hash"));
        using var client = new HttpClient();
        Assert.Equal(bytes, await client.GetByteArrayAsync(new Uri(Api.Server, $"/api/v1/artifacts/{stored.Text("hash")}")));
    }

    [Fact]
    public async Task S1_ForeignOrigin_IsRefused() =>
        (await Api.PostAsync("tasks", new { agent = "echo", prompt = "x" }, ("Origin", "https://evil.example"))).ExpectProblem(HttpStatusCode.Forbidden);

    [EmbeddedFact(Reasons.PlatformsHosts)]
    public async Task S1_ForeignHost_IsRefused() =>
        (await Api.SendAsync(HttpMethod.Get, "workflows", null, ("Host", "evil.example"))).ExpectProblem(HttpStatusCode.MisdirectedRequest);

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task F6_Health_IsOpen(string path) => (await Api.GetAsync(path)).Expect(HttpStatusCode.OK);
}
