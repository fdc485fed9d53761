using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Storage.Records;

namespace Troupe.Storage.Notifications;

internal sealed class SqliteNotificationStore(RecordsDatabase database) : INotificationStore
{
    public Task<bool> TryAddAsync(NotificationRecord notification, CancellationToken cancellationToken) =>
        database.WriteAsync(session => NotificationRows.TryInsert(session, notification), cancellationToken);

    public Task<NotificationRecord?> GetAsync(string user, string id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => NotificationRows.Find(session, user, id), cancellationToken);

    public Task<Page<NotificationRecord>> ListAsync(NotificationQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(session => NotificationRows.List(session, query), cancellationToken);

    public Task<int> CountUnreadAsync(string user, CancellationToken cancellationToken) => database.ReadAsync(
        session => (int)session.QuerySingle(NotificationRows.CountStatement, static row => row.GetInt64(0), user, NotificationQuery.MostCounted), cancellationToken);

    public Task<NotificationRecord?> AcknowledgeAsync(string user, string id, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            session.Execute(
                "UPDATE notifications SET acknowledged = ?, delivered = coalesce(delivered, ?) WHERE user = ? AND id = ? AND acknowledged IS NULL",
                at.UtcTicks,
                at.UtcTicks,
                user,
                id);
            return NotificationRows.Find(session, user, id);
        },
        cancellationToken);

    public Task<int> AcknowledgeUpToAsync(string user, string? id, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Execute(
            "UPDATE notifications SET acknowledged = ?, delivered = coalesce(delivered, ?) WHERE user = ? AND id <= ? AND acknowledged IS NULL",
            at.UtcTicks,
            at.UtcTicks,
            user,
            id ?? NotificationRows.Last),
        cancellationToken);

    public Task MarkDeliveredAsync(string user, IReadOnlyCollection<string> ids, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        session => ids.Sum(id => session.Execute(
            "UPDATE notifications SET delivered = ? WHERE user = ? AND id = ? AND delivered IS NULL", at.UtcTicks, user, id)),
        cancellationToken);

    public Task<int> DeleteBeforeAsync(DateTimeOffset time, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Execute(NotificationRows.DeleteStatement, NotificationIds.Begin(time), limit), cancellationToken);
}
