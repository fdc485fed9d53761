using Microsoft.Extensions.Logging;
using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Notifications.Channels;

namespace Troupe.Integrations.Channels;

/// <summary>Notifications as lines of the server's log.</summary>
internal sealed partial class LogChannel(ILogger<LogChannel> logger) : INotificationChannel
{
    private static readonly Uri Log = new("log:server");

    public string Name => ChannelNames.Log;

    public Uri AddressOf(string user) => Log;

    public Task<WebhookAnswer> SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        foreach (var told in message.Notifications)
            LogTold(logger, message.User, told.Type, told.RunId, Plain.Line(told.Title), Plain.Line(told.Text ?? ""));
        return Task.FromResult(new WebhookAnswer(null, null, null));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "For {User}: {Type} of run {RunId}: {Title} {Text}")]
    private static partial void LogTold(ILogger logger, string user, NotificationType type, string runId, string title, string text);
}
