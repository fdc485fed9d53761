using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Troupe.Acceptance.People;

/// <summary>
/// A Slack on the loopback address that signs as the real one, and a server that knows it: ada (U1) launches, bob (U2) and eve (U3) approve.
/// The server is the one to test where that has these settings (<see cref="TargetHost.SlackPort"/>), else one of its own.
/// </summary>
internal sealed class SlackServer : IAsyncDisposable
{
    public const string Secret = "a signing secret of tests";

    private readonly string _late = $"/late/{Guid.NewGuid():n}";

    public SlackServer()
    {
        Slack = TargetHost.SlackPort is { } port ? new WebhookReceiver([port]) : new WebhookReceiver();
        Server = new OwnServer(SettingsOf(Slack));
    }

    /// <summary>Started with <see cref="StartAsync"/>, unless another one is tested.</summary>
    public OwnServer Server { get; }

    public WebhookReceiver Slack { get; }

    public Api Api => TargetHost.Address is { } address ? new Api(address) : Server.Api;

    /// <summary>A response_url, as Slack gives one out with each request; whoever knows it can answer.</summary>
    public Uri ResponseUrl => new(Slack.Addresses[0], _late);

    /// <summary>What came by <see cref="ResponseUrl"/>.</summary>
    public IReadOnlyList<WebhookRequest> Replies => [.. Slack.Received.Where(one => one.Path == _late)];

    public Task StartAsync() => TargetHost.Address is null ? Server.StartAsync() : Task.CompletedTask;

    private static Dictionary<string, string> SettingsOf(WebhookReceiver slack) => new(WebhookReceiver.Settings, StringComparer.Ordinal)
    {
        ["Troupe__Slack__SigningSecret"] = Secret,
        ["Troupe__Slack__BotToken"] = "xoxb-token",
        ["Troupe__Slack__ApiUrl"] = $"{slack.Addresses[0]}api/",
        ["Troupe__Slack__ResponseUrl"] = $"{slack.Addresses[0]}late/",
        ["Troupe__Slack__Users__U1__User"] = "ada",
        ["Troupe__Slack__Users__U1__Roles__0"] = "operator",
        ["Troupe__Slack__Users__U2__User"] = "bob",
        ["Troupe__Slack__Users__U2__Roles__0"] = "approver",
        ["Troupe__Slack__Users__U3__User"] = "eve",
        ["Troupe__Slack__Users__U3__Roles__0"] = "approver",
    };

    public string Command(string member, string text) =>
        $"team_id=T1&user_id={member}&trigger_id={Guid.NewGuid():n}&command=%2Ftroupe&text={Uri.EscapeDataString(text)}&response_url={Uri.EscapeDataString(ResponseUrl.AbsoluteUri)}";

    public Task<Answer> CommandAsync(string member, string text) => SendAsync("commands", Command(member, text), Now());

    public async Task PressAsync(string member, string gate, string action = "troupe_approve")
    {
        var payload = JsonSerializer.Serialize(new
        {
            type = "block_actions",
            user = new { id = member },
            response_url = ResponseUrl,
            actions = new[] { new { action_id = action, value = gate } },
        });
        (await SendAsync("interactions", $"payload={Uri.EscapeDataString(payload)}", Now())).Expect(HttpStatusCode.OK);
    }

    /// <param name="signature">The right one where null.</param>
    public Task<Answer> SendAsync(string route, string body, string stamp, string? signature = null) => Api.SendAsync(
        HttpMethod.Post,
        $"slack/{route}",
        new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"),
        ("X-Slack-Request-Timestamp", stamp),
        ("X-Slack-Signature", signature ?? $"v0={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"v0:{stamp}:{body}")))}"));

    public static string Now(int seconds = 0) => TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Slack.DisposeAsync();
    }
}
