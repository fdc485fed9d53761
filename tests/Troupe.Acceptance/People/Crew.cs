namespace Troupe.Acceptance.People;

/// <summary>
/// A server of its own that people with keys use: ann launches and approves, bob approves, both in the group leads; eve approves, in the
/// group heads; mal approves, in no group.
/// </summary>
internal sealed class Crew : IAsyncDisposable
{
    private readonly OwnServer _server = new();
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);

    public Api Ann { get; private set; } = null!;

    public Api Bob { get; private set; } = null!;

    public Api Eve { get; private set; } = null!;

    public Api Mal { get; private set; } = null!;

    /// <summary>Who has no key.</summary>
    public Api Nobody { get; private set; } = null!;

    public string Log => _server.Log;

    public static async Task<Crew> StartAsync()
    {
        var crew = new Crew();
        var made = await ProgramRun.OfAsync("keys", "create", "--name", "root", "--role", "admin", "--owner", "root", "--data", crew._server.Data);
        Assert.True(made.ExitCode == 0, made.Error);
        await crew._server.StartAsync();
        var root = new Api(crew._server.Api.Server, made.Out.Trim());
        await crew.KeyAsync(root, "ann", ["operator", "approver"], ["leads"]);
        await crew.KeyAsync(root, "bob", ["approver"], ["leads"]);
        await crew.KeyAsync(root, "eve", ["approver"], ["heads"]);
        await crew.KeyAsync(root, "mal", ["approver"], []);
        crew.Connect();
        return crew;
    }

    /// <summary>kill -9, and a new start on the same data.</summary>
    public async Task KillAndStartAsync()
    {
        await _server.RestartAsync();
        Connect();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task KeyAsync(Api root, string user, string[] roles, string[] groups) =>
        _keys[user] = (await root.PostAsync("keys", new { name = user, owner = user, roles, groups })).ExpectSuccess().Json.Text("key");

    private void Connect()
    {
        Api As(string user) => new(_server.Api.Server, _keys[user]);
        (Ann, Bob, Eve, Mal, Nobody) = (As("ann"), As("bob"), As("eve"), As("mal"), _server.Api);
    }
}
