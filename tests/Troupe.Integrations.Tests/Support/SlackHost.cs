using Troupe.Integrations.Slack;

namespace Troupe.Integrations.Tests.Support;

/// <summary>A host whose Slack is a receiver on the loopback address: ada (U1) launches, bob (U2) decides.</summary>
internal static class SlackHost
{
    public static Task<EmbeddedHost> StartAsync(string folder, Receiver slack) => EmbeddedHost.StartAsync(
        folder,
        "whsec_" + Convert.ToBase64String(new byte[32]),
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Troupe:Slack:SigningSecret"] = "a signing secret of tests",
            ["Troupe:Slack:ResponseUrl"] = new Uri(slack.Url, "/late/").ToString(),
            ["Troupe:Slack:Users:U1:User"] = "ada",
            ["Troupe:Slack:Users:U1:Roles:0"] = "operator",
            ["Troupe:Slack:Users:U2:User"] = "bob",
            ["Troupe:Slack:Users:U2:Roles:0"] = "approver",
        });

    public static SlackWork Command(Receiver slack, string text, string key = "slack:t1") => new()
    {
        Kind = SlackWorkKind.Command,
        Member = "U1",
        Text = text,
        Key = key,
        ResponseUrl = new Uri(slack.Url, "/late/x"),
        At = TimeProvider.System.GetUtcNow(),
    };
}
