using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Troupe.Core.Slack;

namespace Troupe.Integrations.Slack;

/// <summary>Slack's requests: signed, then understood, then done as the user whom the configuration names.</summary>
internal sealed class SlackApp(IOptions<SlackOptions> options, SlackSignature signature, SlackReplies replies, LateAnswers late, TimeProvider time)
    : ISlackApp
{
    private static readonly SlackAnswer Malformed = new(SlackOutcome.Malformed);
    private static readonly SlackAnswer Empty = new(SlackOutcome.Answered);

    private readonly SlackOptions _options = options.Value;

    public bool IsOn => !string.IsNullOrEmpty(_options.SigningSecret);

    public async Task<SlackAnswer> AnswerAsync(SlackRequest request, CancellationToken cancellationToken)
    {
        if (!IsOn || !signature.Accept(_options.SigningSecret!, request))
            return new SlackAnswer(SlackOutcome.NotSigned);
        try
        {
            return request.Kind switch
            {
                SlackRequestKind.Command => await CommandAsync(new SlackForm(request.Body.Span)),
                SlackRequestKind.Interaction => await InteractionAsync(new SlackForm(request.Body.Span)["payload"], request.Signature!, cancellationToken),
                _ => await EventAsync(JsonElement.Parse(Encoding.UTF8.GetString(request.Body.Span)), cancellationToken),
            };
        }
        catch (JsonException)
        {
            return Malformed;
        }
    }

    private async Task<SlackAnswer> CommandAsync(SlackForm form)
    {
        if (form["user_id"] is not { Length: > 0 } member || form["trigger_id"] is not { Length: > 0 } trigger)
            return Malformed;
        var work = new SlackWork
        {
            Kind = SlackWorkKind.Command,
            Member = member,
            Team = form["team_id"],
            Text = form["text"] ?? "",
            Key = $"slack:{trigger}",
            ResponseUrl = form.Url("response_url"),
            At = time.GetUtcNow(),
        };
        return new SlackAnswer(SlackOutcome.Answered, (await late.ReplyAsync(work)).ToAnswer());
    }

    /// <summary>Slack does not send a button again, so that its signature tells one press from another.</summary>
    private async Task<SlackAnswer> InteractionAsync(string? payload, string signed, CancellationToken cancellationToken)
    {
        if (payload is null || JsonElement.Parse(payload) is not { ValueKind: JsonValueKind.Object } sent || Text(sent, "user", "id") is not { } member)
            return Malformed;
        if (Text(sent, "type") != "block_actions" || ActionOf(sent) is not { } action || !Uri.TryCreate(Text(sent, "response_url"), UriKind.Absolute, out var url))
            return Empty;
        var work = new SlackWork
        {
            Kind = SlackWorkKind.Decision,
            Member = member,
            Team = Text(sent, "team", "id"),
            Key = $"slack:{signed}",
            Gate = action.Gate,
            Approves = action.Approved,
            ResponseUrl = url,
            At = time.GetUtcNow(),
        };
        await replies.AcceptAsync(work, cancellationToken);
        return Empty;
    }

    private async Task<SlackAnswer> EventAsync(JsonElement sent, CancellationToken cancellationToken)
    {
        if (Text(sent, "type") == "url_verification")
            return Text(sent, "challenge") is { } challenge ? new SlackAnswer(SlackOutcome.Answered, JsonSerializer.SerializeToElement(new { challenge })) : Malformed;
        if (Text(sent, "event", "type") != "app_mention" || Text(sent, "event", "bot_id") is not null)
            return Empty;
        if (Text(sent, "event", "user") is not { } member || Text(sent, "event", "channel") is not { } channel || Text(sent, "event_id") is not { } id)
            return Malformed;
        var work = new SlackWork
        {
            Kind = SlackWorkKind.Mention,
            Member = member,
            Team = Text(sent, "team_id"),
            Text = WithoutMention(Text(sent, "event", "text") ?? ""),
            Key = $"slack:{id}",
            Channel = channel,
            At = time.GetUtcNow(),
        };
        await replies.AcceptAsync(work, cancellationToken);
        return Empty;
    }

    private static (bool Approved, string Gate)? ActionOf(JsonElement sent)
    {
        if (!sent.TryGetProperty("actions", out var actions) || actions.ValueKind != JsonValueKind.Array || actions.GetArrayLength() == 0)
            return null;
        return (Text(actions[0], "action_id"), Text(actions[0], "value")) switch
        {
            (SlackInteractions.Approve, { } gate) => (true, gate),
            (SlackInteractions.Reject, { } gate) => (false, gate),
            _ => null,
        };
    }

    private static string WithoutMention(string text)
    {
        var trimmed = text.TrimStart();
        return trimmed.StartsWith("<@", StringComparison.Ordinal) && trimmed.IndexOf('>', StringComparison.Ordinal) is var end and > 0 ? trimmed[(end + 1)..] : trimmed;
    }

    /// <summary>The text at a path of names, or null.</summary>
    private static string? Text(JsonElement value, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
