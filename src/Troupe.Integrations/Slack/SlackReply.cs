using System.Text.Json;

namespace Troupe.Integrations.Slack;

/// <summary>A message for Slack, seen by its reader alone unless it is posted to a channel.</summary>
/// <param name="Text">Slack's markup, escaped.</param>
/// <param name="Blocks">Instead of the text, where Slack can show them.</param>
internal sealed record SlackReply(string Text, IReadOnlyList<object>? Blocks = null)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Tells nothing of why.</summary>
    public static SlackReply Broken { get; } = new("That failed. The server's log says more.");

    /// <summary>As an answer to who asked, at once or afterwards.</summary>
    public JsonElement ToAnswer() => Write(new { ResponseType = "ephemeral", ReplaceOriginal = false, Text, Blocks });

    /// <summary>As a message to a person, or to a webhook's channel.</summary>
    public JsonElement ToMessage(string? channel) => Write(new { Channel = channel, Text, Blocks, UnfurlLinks = false });

    /// <summary>As a message in a channel that one member sees.</summary>
    public JsonElement ToWhisper(string channel, string member) => Write(new { Channel = channel, User = member, Text, Blocks });

    public static object Section(string text) => new { Type = "section", Text = new { Type = "mrkdwn", Text = text } };

    /// <summary>Buttons that decide a gate.</summary>
    public static object Buttons(string gateId) => new
    {
        Type = "actions",
        Elements = new object[] { Button("Approve", "primary", SlackInteractions.Approve, gateId), Button("Reject", "danger", SlackInteractions.Reject, gateId) },
    };

    private static object Button(string text, string style, string action, string gateId) =>
        new { Type = "button", Text = new { Type = "plain_text", Text = text }, Style = style, ActionId = action, Value = gateId };

    private static JsonElement Write(object message) => JsonSerializer.SerializeToElement(message, Format);
}
