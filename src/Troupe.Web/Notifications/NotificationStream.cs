using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Troupe.Core.Notifications;
using Troupe.Web.Access;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Streaming;

namespace Troupe.Web.Notifications;

/// <summary>Writes a user's notifications as server-sent events as they come, and notes that they were delivered.</summary>
internal sealed class NotificationStream(
    INotificationStore notifications, NotificationSignals signals, IOptions<TroupeWebOptions> options, TimeProvider time, StreamLives lives)
{
    /// <summary>What one look can find; more than that at once is in the list alone.</summary>
    private const int Newest = 200;

    public Task WriteAsync(HttpContext context, string? lastId) => lives.RunAsync(context, async stop =>
    {
        var user = context.Caller().User;
        var known = await NewestAsync(user, stop);
        var sent = known.Where(one => lastId is null || string.CompareOrdinal(one.Id, lastId) <= 0).Select(static one => one.Id).ToHashSet(StringComparer.Ordinal);
        await StreamHead.WriteAsync(context);
        await FollowAsync(context.Response, user, sent, stop);
    });

    /// <summary>They may be stored in another order than they happened, so what was sent is remembered one by one.</summary>
    private async Task FollowAsync(HttpResponse response, string user, HashSet<string> sent, CancellationToken cancellationToken)
    {
        var spoken = time.GetTimestamp();
        while (true)
        {
            var added = signals.WaitAsync(user, cancellationToken);
            var newest = await NewestAsync(user, cancellationToken);
            var unsent = newest.Where(one => !sent.Contains(one.Id)).Reverse().ToList();
            sent.IntersectWith(newest.Select(static one => one.Id));
            sent.UnionWith(unsent.Select(static one => one.Id));
            var told = unsent.Where(static one => one.Channels.Contains(ChannelNames.Sse, StringComparer.Ordinal)).ToList();
            if (told.Count > 0 || time.GetElapsedTime(spoken) >= options.Value.Heartbeat)
            {
                await WriteAsync(response, user, told, cancellationToken);
                spoken = time.GetTimestamp();
            }

            await added;
        }
    }

    private async Task WriteAsync(HttpResponse response, string user, List<NotificationRecord> told, CancellationToken cancellationToken)
    {
        foreach (var one in told)
        {
            var json = JsonSerializer.Serialize(NotificationBody.Of(one), WebJson.Options);
            await response.WriteAsync($"id: {one.Id}\nevent: notification\ndata: {json}\n\n", cancellationToken);
        }

        if (told.Count == 0)
            await response.WriteAsync(": still here\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        if (told.Count > 0)
            await notifications.MarkDeliveredAsync(user, [.. told.Select(static one => one.Id)], time.GetUtcNow(), cancellationToken);
    }

    private async Task<IReadOnlyList<NotificationRecord>> NewestAsync(string user, CancellationToken cancellationToken) =>
        (await notifications.ListAsync(new NotificationQuery { User = user, Limit = Newest }, cancellationToken)).Items;
}
