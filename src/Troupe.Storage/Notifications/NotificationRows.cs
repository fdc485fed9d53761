using System.Text;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Sqlite;

namespace Troupe.Storage.Notifications;

/// <summary>The statements on notifications. What changes has columns of its own; the document never does.</summary>
internal static class NotificationRows
{
    /// <summary>Sorts behind every id.</summary>
    public const string Last = "~";

    public const string CountStatement =
        "SELECT count(*) FROM (SELECT 1 FROM notifications INDEXED BY notifications_unread WHERE user = ? AND acknowledged IS NULL LIMIT ?)";

    /// <summary>Its values are the id to delete below, and how many.</summary>
    public const string DeleteStatement = """
        DELETE FROM notifications WHERE (user, id) IN (SELECT user, id FROM notifications INDEXED BY notifications_age WHERE id < ? ORDER BY id LIMIT ?)
        """;

    private const char CursorKind = 'n';

    /// <summary>Inserts a notification, unless its id is taken.</summary>
    public static bool TryInsert(SqliteSession session, NotificationRecord notification) => session.Execute(
        "INSERT INTO notifications (user, id, type, run_id, delivered, acknowledged, record) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        notification.User,
        notification.Id,
        EnumWords<NotificationType>.Write(notification.Type),
        notification.RunId,
        Ticks(notification.DeliveredAt),
        Ticks(notification.AcknowledgedAt),
        RecordJson.Write(notification with { DeliveredAt = null, AcknowledgedAt = null })) > 0;

    public static NotificationRecord? Find(SqliteSession session, string user, string id) => session.QuerySingle(
        "SELECT id, delivered, acknowledged, record FROM notifications WHERE user = ? AND id = ?", Read, user, id);

    public static Page<NotificationRecord> List(SqliteSession session, NotificationQuery query)
    {
        var limit = PageLimit.Bound(query.Limit);
        var before = query.Cursor is { } cursor ? Encoding.UTF8.GetString(CursorText.Read(CursorKind, cursor)) : Last;
        if (query.Before is { } end && string.CompareOrdinal(NotificationIds.Begin(end), before) < 0) before = NotificationIds.Begin(end);
        List<SqliteValue> values = [query.User];
        if (query.RunId is { } runId) values.Add(runId);
        if (query.Type is { } type) values.Add(EnumWords<NotificationType>.Write(type));
        values.AddRange([before, query.Since is { } since ? NotificationIds.Begin(since) : "", limit + 1]);
        var found = session.Query(Statement(query), Read, [.. values]);
        if (found.Count <= limit) return new(found, null);
        return new(found.GetRange(0, limit), CursorText.Write(CursorKind, Encoding.UTF8.GetBytes(found[limit - 1].Id)));
    }

    /// <summary>Its values are user, run and type where given, then the ids to begin below and to end with, and the limit.</summary>
    internal static string Statement(NotificationQuery query)
    {
        var index = query switch
        {
            { RunId: not null } => "INDEXED BY notifications_run",
            { Unread: true } => "INDEXED BY notifications_unread",
            { Type: not null } => "INDEXED BY notifications_type",
            _ => "",
        };
        var run = query.RunId is null ? "" : "run_id = ? AND";
        var type = query.Type is null ? "" : "type = ? AND";
        var unread = query.Unread ? "acknowledged IS NULL AND" : "";
        return $"""
            SELECT id, delivered, acknowledged, record FROM notifications {index}
            WHERE user = ? AND {run} {type} {unread} id < ? AND id >= ? ORDER BY id DESC LIMIT ?
            """;
    }

    private static NotificationRecord Read(SqliteRow row) => RecordJson.Read<NotificationRecord>(row.GetSpan(3)) with
    {
        DeliveredAt = Time(row, 1),
        AcknowledgedAt = Time(row, 2),
    };

    private static DateTimeOffset? Time(SqliteRow row, int column) => row.GetInt64OrNull(column) is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private static SqliteValue Ticks(DateTimeOffset? time) => time is { } at ? at.UtcTicks : SqliteValue.Null;
}
