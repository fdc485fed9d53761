using System.Text;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Core.Stores;

namespace Troupe.Testing.Stores.InMemory;

internal sealed class InMemoryNotificationStore : INotificationStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string User, string Id), NotificationRecord> _notifications = [];

    public Task<bool> TryAddAsync(NotificationRecord notification, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_notifications.TryAdd((notification.User, notification.Id), notification));
    }

    public Task<NotificationRecord?> GetAsync(string user, string id, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_notifications.GetValueOrDefault((user, id)));
    }

    public Task<Page<NotificationRecord>> ListAsync(NotificationQuery query, CancellationToken cancellationToken)
    {
        var limit = PageLimit.Bound(query.Limit);
        var before = query.Cursor is null ? "~" : Encoding.UTF8.GetString(CursorText.Read('n', query.Cursor));
        lock (_gate)
        {
            var found = _notifications.Values
                .Where(one => Matches(one, query) && string.CompareOrdinal(one.Id, before) < 0)
                .OrderByDescending(static one => one.Id, StringComparer.Ordinal)
                .Take(limit + 1)
                .ToList();
            return Task.FromResult(found.Count <= limit
                ? new Page<NotificationRecord>(found, null)
                : new(found.GetRange(0, limit), CursorText.Write('n', Encoding.UTF8.GetBytes(found[limit - 1].Id))));
        }
    }

    public Task<int> CountUnreadAsync(string user, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(Math.Min(NotificationQuery.MostCounted, _notifications.Values.Count(one => one.User == user && one.AcknowledgedAt is null)));
    }

    public Task<NotificationRecord?> AcknowledgeAsync(string user, string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_notifications.TryGetValue((user, id), out var stored)) return Task.FromResult<NotificationRecord?>(null);
            return Task.FromResult<NotificationRecord?>(_notifications[(user, id)] = Read(stored, at));
        }
    }

    public Task<int> AcknowledgeUpToAsync(string user, string? id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var unread = _notifications.Values
                .Where(one => one.User == user && one.AcknowledgedAt is null && string.CompareOrdinal(one.Id, id ?? "~") <= 0).ToList();
            foreach (var one in unread) _notifications[(user, one.Id)] = Read(one, at);
            return Task.FromResult(unread.Count);
        }
    }

    public Task MarkDeliveredAsync(string user, IReadOnlyCollection<string> ids, DateTimeOffset at, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var id in ids)
            {
                if (_notifications.TryGetValue((user, id), out var stored)) _notifications[(user, id)] = stored with { DeliveredAt = stored.DeliveredAt ?? at };
            }
        }

        return Task.CompletedTask;
    }

    public Task<int> DeleteBeforeAsync(DateTimeOffset time, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var old = _notifications.Keys.Where(key => string.CompareOrdinal(key.Id, NotificationIds.Begin(time)) < 0).Take(limit).ToList();
            old.ForEach(key => _notifications.Remove(key));
            return Task.FromResult(old.Count);
        }
    }

    private static NotificationRecord Read(NotificationRecord stored, DateTimeOffset at) =>
        stored.AcknowledgedAt is null ? stored with { AcknowledgedAt = at, DeliveredAt = stored.DeliveredAt ?? at } : stored;

    private static bool Matches(NotificationRecord one, NotificationQuery query) =>
        one.User == query.User
        && !(query.Unread && one.AcknowledgedAt is not null)
        && (query.Type is null || one.Type == query.Type)
        && (query.RunId is null || one.RunId == query.RunId)
        && (query.Since is not { } since || string.CompareOrdinal(one.Id, NotificationIds.Begin(since)) >= 0)
        && (query.Before is not { } before || string.CompareOrdinal(one.Id, NotificationIds.Begin(before)) < 0);
}
