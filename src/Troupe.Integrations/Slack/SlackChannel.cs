using Microsoft.Extensions.Options;
using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Notifications.Channels;
using Troupe.Integrations.Channels;

namespace Troupe.Integrations.Slack;

/// <summary>Notifications in Slack: to the member where there is a bot, into the incoming webhook's channel otherwise.</summary>
internal sealed class SlackChannel(SlackClient client, SlackPeople people, IOptions<SlackOptions> options) : INotificationChannel
{
    private const string Everybody = "incoming-webhook";

    private const int MostInDigest = 40;

    private readonly SlackOptions _options = options.Value;

    public string Name => ChannelNames.Slack;

    public Uri? AddressOf(string user)
    {
        if (!string.IsNullOrEmpty(_options.BotToken) && people.IdOf(user) is { } member)
            return new Uri($"slack:{Uri.EscapeDataString(member)}");
        return _options.IncomingWebhookUrl is null ? null : new Uri($"slack:{Everybody}");
    }

    public Task<WebhookAnswer> SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        var reply = Compose(message, Decides(message));
        var target = Uri.UnescapeDataString(message.Address.AbsolutePath);
        if (target == Everybody)
            return _options.IncomingWebhookUrl is null ? Unconfigured("IncomingWebhookUrl") : client.PostToWebhookAsync(reply.ToMessage(null), cancellationToken);
        return string.IsNullOrEmpty(_options.BotToken) ? Unconfigured("BotToken") : client.PostAsync(reply.ToMessage(target), cancellationToken);
    }

    /// <summary>Buttons work only where their signature can be checked.</summary>
    private bool Decides(ChannelMessage message) => message.Gate is { Kind: Core.Records.GateKind.Approval } && !string.IsNullOrEmpty(_options.SigningSecret);

    private static SlackReply Compose(ChannelMessage message, bool decides)
    {
        var lines = message.Notifications.Take(MostInDigest).Select(Line).ToList();
        if (message.Notifications.Count > MostInDigest)
            lines.Add($"… and {message.Notifications.Count - MostInDigest} more");
        if (message.Closed is { } closed)
            lines.Add(SlackText.Escape(Plain.Line(closed)));
        var text = message.Digest is null ? lines[0] : $"*{message.Notifications.Count} notifications*";
        List<object> blocks = [.. message.Digest is null ? [] : new[] { SlackReply.Section(text) }, .. lines.Select(SlackReply.Section)];
        if (decides)
            blocks.Add(SlackReply.Buttons(message.Gate!.Id));
        return new SlackReply(text, blocks);
    }

    private static string Line(NotificationRecord told) =>
        $"*{SlackText.Escape(Plain.Line(told.Title))}*{(told.Text is { Length: > 0 } more ? $"\n{SlackText.Escape(Plain.Line(more))}" : "")}\n_{SlackText.Escape(told.RunId)}_";

    private static Task<WebhookAnswer> Unconfigured(string key) => Task.FromResult(new WebhookAnswer(
        null, null, new Core.Records.Failure(Core.Records.FailureKinds.DeliveryFailed, $"{SlackOptions.Section}:{key} is not set any more.")));
}
