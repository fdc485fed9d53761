namespace Troupe.Acceptance.Safety;

/// <summary>S1: keys over real processes; the server under test is killed in the middle.</summary>
public sealed class S1_KeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [EmbeddedFact]
    public async Task Keys_FromTheFirstToTheLast_OpenWhatTheirRolesSayAcrossAKill()
    {
        var early = await ProgramRun.OfAsync("serve", "--data", Data, "--urls", "http://203.0.113.77:7070");
        Assert.Equal(2, early.ExitCode);
        Assert.Contains("troupe keys create --name admin --role admin", early.Error, StringComparison.Ordinal);
        var (admin, reader, launcher, approver) =
            (await KeyAsync("admin"), await KeyAsync("reader"), await KeyAsync("operator"), await KeyAsync("approver"));

        // No machine has that address: the key lets the server try it, and nothing listens.
        Assert.Contains("cannot be listened on", (await ProgramRun.OfAsync("serve", "--data", Data, "--urls", "http://203.0.113.77:7070")).Error, StringComparison.Ordinal);

        string token;
        await using (var server = await ServerProcess.StartAsync(Data))
        {
            var api = new Api(server.Address);
            (await api.GetAsync("workflows")).ExpectProblem(HttpStatusCode.Unauthorized);
            await AssertMatrixAsync(api, reader, HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden);
            await AssertMatrixAsync(api, launcher, HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden);
            await AssertMatrixAsync(api, approver, HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden);
            await AssertMatrixAsync(api, admin, HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.OK);
            token = await HandedOnAsync(api, launcher);
            Assert.Equal(0, (await ProgramRun.OfAsync("keys", "revoke", reader.Split('_')[1], "--data", Data, "--key", admin)).ExitCode);
            (await SendAsync(api, HttpMethod.Get, "workflows", reader)).ExpectProblem(HttpStatusCode.Unauthorized);
            await server.KillAsync();
            Assert.DoesNotContain("trp_", server.Log, StringComparison.Ordinal);
            Assert.DoesNotContain(token, server.Log, StringComparison.Ordinal);
        }

        await using (var server = await ServerProcess.StartAsync(Data))
        {
            var api = new Api(server.Address);
            (await api.GetAsync("workflows")).ExpectProblem(HttpStatusCode.Unauthorized);
            (await SendAsync(api, HttpMethod.Get, "workflows", reader)).ExpectProblem(HttpStatusCode.Unauthorized);
            (await SendAsync(api, HttpMethod.Get, "workflows", launcher)).Expect(HttpStatusCode.OK);
            (await api.GetAsync($"workflows/handed-on?token={token}")).Expect(HttpStatusCode.OK);
            (await api.GetAsync($"workflows?token={token}")).ExpectProblem(HttpStatusCode.Unauthorized);
        }
    }

    [NetworkFact]
    public async Task Everywhere_WithoutKeysIsRefused_WithOneAnswersWhoHasIt()
    {
        var early = await ProgramRun.OfAsync("serve", "--data", Data, "--urls", $"http://0.0.0.0:{ServerProcess.FreePort()}");
        Assert.Equal(2, early.ExitCode);
        Assert.Contains("troupe keys create --name admin --role admin", early.Error, StringComparison.Ordinal);
        var key = await KeyAsync("reader");

        await using var server = await ServerProcess.StartAsync(Data, everywhere: true);
        foreach (var address in NetworkFactAttribute.Addresses)
        {
            var api = new Api(new UriBuilder(server.Address) { Host = address }.Uri);
            (await api.GetAsync("workflows")).ExpectProblem(HttpStatusCode.Unauthorized);
            (await SendAsync(api, HttpMethod.Get, "workflows", key[..^1] + (key[^1] == 'a' ? 'b' : 'a'))).ExpectProblem(HttpStatusCode.Unauthorized);
            (await SendAsync(api, HttpMethod.Get, "workflows", key)).Expect(HttpStatusCode.OK);
            (await SendAsync(api, HttpMethod.Post, "tasks", key, new { agent = "echo", prompt = "x" })).ExpectProblem(HttpStatusCode.Forbidden);
            (await api.SendAsync(HttpMethod.Get, "workflows", null, ("Host", "rebound.example"), ("Authorization", $"Bearer {key}"))).ExpectProblem(HttpStatusCode.MisdirectedRequest);
        }
    }

    private async Task<string> KeyAsync(string role)
    {
        var made = await ProgramRun.OfAsync("keys", "create", "--name", role, "--role", role, "--owner", role, "--data", Data);
        Assert.True(made.ExitCode == 0, made.Error);
        return made.Out.Trim();
    }

    private static async Task AssertMatrixAsync(
        Api api, string key, HttpStatusCode reads, HttpStatusCode launches, HttpStatusCode lists, HttpStatusCode administers)
    {
        (await SendAsync(api, HttpMethod.Get, "workflows", key)).Expect(reads);
        (await SendAsync(api, HttpMethod.Post, "tasks", key, new { agent = "echo", prompt = "x" })).Expect(launches);
        (await SendAsync(api, HttpMethod.Get, "approvals", key)).Expect(lists);
        (await SendAsync(api, HttpMethod.Get, "keys", key)).Expect(administers);
    }

    private static async Task<string> HandedOnAsync(Api api, string key)
    {
        var launched = await SendAsync(api, HttpMethod.Post, "tasks", key, new { id = "handed-on", agent = "echo", prompt = "x" });
        var url = launched.Expect(HttpStatusCode.Accepted).Json.Text("check_status_url");
        (await api.GetAsync(url)).Expect(HttpStatusCode.OK);
        return new Uri(url).Query["?token=".Length..];
    }

    private static Task<Answer> SendAsync(Api api, HttpMethod method, string path, string key, object? body = null) =>
        api.SendAsync(method, path, body is null ? null : Api.Json(body), ("Authorization", $"Bearer {key}"));
}
