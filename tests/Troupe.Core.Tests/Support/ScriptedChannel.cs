using System.Collections.Concurrent;
using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Notifications.Channels;

namespace Troupe.Core.Tests.Support;

/// <summary>A channel whose other side a test writes; it reaches users once a test says so.</summary>
internal sealed class ScriptedChannel : INotificationChannel
{
    private readonly ConcurrentQueue<ChannelMessage> _taken = new();

    public bool Reaches { get; set; }

    public string Name => ChannelNames.Email;

    public Func<ChannelMessage, WebhookAnswer> Script { get; set; } = static _ => new WebhookAnswer(null, null, null);

    public IReadOnlyList<ChannelMessage> Messages => [.. _taken];

    public Uri? AddressOf(string user) => Reaches ? new Uri($"mailto:{user}@example.org") : null;

    public Task<WebhookAnswer> SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        _taken.Enqueue(message);
        return Task.FromResult(Script(message));
    }
}
