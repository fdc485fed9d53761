using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Troupe.Core.Slack;
using Troupe.Integrations.Slack;

namespace Troupe.Integrations.Tests.Support;

/// <summary>A host whose Slack is a receiver on the loopback address: ada (U1) launches, bob (U2) decides. It signs as the real one.</summary>
internal static class SlackHost
{
    private const string Secret = "a signing secret of tests";

    /// <summary>A Slack that is content with all it is sent.</summary>
    public static Task<Receiver> SlackAsync() => Receiver.StartAsync(static (_, response) =>
    {
        response.ContentType = "application/json";
        return response.Body.WriteAsync(Encoding.UTF8.GetBytes("""{"ok":true}""")).AsTask();
    });

    public static Task<EmbeddedHost> StartAsync(string folder, Receiver slack, params IEnumerable<KeyValuePair<string, string?>> more)
    {
        var root = new Uri(slack.Url, "/");
        return EmbeddedHost.StartAsync(folder, "whsec_" + Convert.ToBase64String(new byte[32]), new Dictionary<string, string?>(more, StringComparer.Ordinal)
        {
            ["Troupe:Slack:SigningSecret"] = Secret,
            ["Troupe:Slack:BotToken"] = "xoxb-token",
            ["Troupe:Slack:ApiUrl"] = $"{root}api/",
            ["Troupe:Slack:ResponseUrl"] = $"{root}late/",
            ["Troupe:Slack:Users:U1:User"] = "ada",
            ["Troupe:Slack:Users:U1:Roles:0"] = "operator",
            ["Troupe:Slack:Users:U2:User"] = "bob",
            ["Troupe:Slack:Users:U2:Roles:0"] = "approver",
        });
    }

    public static SlackWork Command(Receiver slack, string text, string key = "slack:t1") => new()
    {
        Kind = SlackWorkKind.Command,
        Member = "U1",
        Text = text,
        Key = key,
        ResponseUrl = new Uri(slack.Url, "/late/x"),
        At = TimeProvider.System.GetUtcNow(),
    };

    public static Task<SlackAnswer> SendAsync(this ISlackApp app, SlackRequestKind kind, string body)
    {
        var stamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var bytes = Encoding.UTF8.GetBytes(body);
        return app.AnswerAsync(new SlackRequest(kind, bytes, stamp, SlackSignature.Sign(Secret, stamp, bytes)), default);
    }

    /// <param name="trigger">Slack gives one to each press.</param>
    public static Task<SlackAnswer> PressAsync(this ISlackApp app, string member, string action, string gate, Uri url, string trigger) =>
        app.SendAsync(SlackRequestKind.Interaction, "payload=" + WebUtility.UrlEncode(JsonSerializer.Serialize(new
        {
            type = "block_actions",
            user = new { id = member },
            team = new { id = "T1" },
            response_url = url,
            trigger_id = trigger,
            actions = new[] { new { action_id = action, value = gate } },
        })));

    /// <param name="attempt">Slack sends an event again that was not answered well.</param>
    public static Task<SlackAnswer> MentionAsync(this ISlackApp app, string text, int attempt = 1) =>
        app.SendAsync(SlackRequestKind.Event, JsonSerializer.Serialize(new
        {
            type = "event_callback",
            team_id = "T1",
            event_id = "Ev1",
            @event = new { type = "app_mention", user = "U1", channel = "C1", text = $"<@UBOT> {text}" },
            attempt,
        }));
}
