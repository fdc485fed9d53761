using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;
using Troupe.Sqlite;

namespace Troupe.Engine.Sqlite;

internal static class InstanceTable
{
    public const string Columns =
        "key, id, name, version, parent_key, parent_id, parent_execution, parent_task, execution, status, created_at, updated_at, "
        + "custom_status, blocked_reason, steps, history_events, open_activities, kept_events, kept_event_bytes, wake_at";

    public static readonly string UnfinishedStatuses = string.Join(
        ", ", Enum.GetValues<OrchestrationRuntimeStatus>().Where(static status => !status.IsTerminal()).Select(static status => (int)status));

    private const string UpdateStep =
        "UPDATE instances SET updated_at = ?4, steps = ?5, history_events = ?6, open_activities = ?7, kept_events = ?8, kept_event_bytes = ?9, carried = ?10";

    private const string UpdateIndexed =
        ", status = ?11, wake_at = ?12, custom_status = ?13, blocked_reason = ?14, execution = ?15, version = ?16, ready = ?17";

    private const string WhereUnchanged = " WHERE key = ?1 AND execution = ?2 AND steps = ?3";

    public static InstanceRecord? Find(SqliteSession session, string id) =>
        session.QuerySingle($"SELECT {Columns} FROM instances WHERE id = ?", Read, id);

    public static InstanceRecord? Find(SqliteSession session, long key) =>
        session.QuerySingle($"SELECT {Columns} FROM instances WHERE key = ?", Read, key);

    /// <summary>Adds an instance; false where the id exists.</summary>
    public static bool TryInsert(SqliteSession session, InstanceRecord record, byte[]? carried) => session.Execute(
        $"""
        INSERT INTO instances ({Columns}, ready, carried)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
        """,
        record.Key,
        record.Id,
        record.Name,
        record.Version,
        record.Parent?.Key,
        record.Parent?.InstanceId,
        record.Parent?.Execution,
        record.Parent?.TaskId,
        record.Execution,
        (int)record.Status,
        record.CreatedAt.Ticks,
        record.UpdatedAt.Ticks,
        record.CustomStatus,
        record.BlockedReason,
        record.Steps,
        record.HistoryEvents,
        record.OpenActivities,
        record.KeptEvents.Count,
        record.KeptEvents.Bytes,
        record.WakeAt?.Ticks,
        IsReady(record, carried is not null),
        carried) == 1;

    /// <summary>Writes what a step changed; false where the stored record is not the expected one any more.</summary>
    /// <param name="hadCarried">Whether the step began with messages that were carried to it: they may have made the instance ready.</param>
    public static bool Update(SqliteSession session, InstanceRecord before, InstanceRecord after, byte[]? carried, bool hadCarried)
    {
        // Setting an indexed column costs even where its value stays, and most steps leave those columns alone.
        var ready = IsReady(after, carried is not null);
        var indexedStay = before.Status == after.Status && before.WakeAt == after.WakeAt && before.CustomStatus == after.CustomStatus
            && before.BlockedReason == after.BlockedReason && before.Execution == after.Execution && !hadCarried
            && ready == IsReady(before, hasCarried: false);
        return (indexedStay
            ? session.Execute(
                UpdateStep + WhereUnchanged,
                before.Key, before.Execution, before.Steps,
                after.UpdatedAt.Ticks, after.Steps, after.HistoryEvents, after.OpenActivities, after.KeptEvents.Count, after.KeptEvents.Bytes, carried)
            : session.Execute(
                UpdateStep + UpdateIndexed + WhereUnchanged,
                before.Key, before.Execution, before.Steps,
                after.UpdatedAt.Ticks, after.Steps, after.HistoryEvents, after.OpenActivities, after.KeptEvents.Count, after.KeptEvents.Bytes, carried,
                (int)after.Status, after.WakeAt?.Ticks, after.CustomStatus, after.BlockedReason, after.Execution, after.Version, ready)) == 1;
    }

    public static InstanceRecord Read(SqliteRow row) => new(row.GetString(1), row.GetString(2), row.GetString(3))
    {
        Key = row.GetInt64(0),
        Parent = row.IsNull(4) ? null : new ParentLink(row.GetInt64(4), row.GetString(5), row.GetInt32(6), row.GetInt32(7)),
        Execution = row.GetInt32(8),
        Status = (OrchestrationRuntimeStatus)row.GetInt32(9),
        CreatedAt = new DateTime(row.GetInt64(10), DateTimeKind.Utc),
        UpdatedAt = new DateTime(row.GetInt64(11), DateTimeKind.Utc),
        CustomStatus = row.GetStringOrNull(12),
        BlockedReason = row.GetStringOrNull(13),
        Steps = row.GetInt32(14),
        HistoryEvents = row.GetInt32(15),
        OpenActivities = row.GetInt32(16),
        KeptEvents = new EventVolume(row.GetInt64(17), row.GetInt64(18)),
        KeepsUnmeasured = row.IsNull(18),
        WakeAt = row.GetInt64OrNull(19) is { } ticks ? new DateTime(ticks, DateTimeKind.Utc) : null,
    };

    /// <summary>Whether the instance has to be loaded at start-up whatever the time.</summary>
    private static bool IsReady(InstanceRecord record, bool hasCarried) =>
        !record.IsFinished
        && (record.OpenActivities > 0 || (hasCarried && record.StartsAt is null) || record.BlockedReason is not null || record.KeepsUnmeasured);
}
