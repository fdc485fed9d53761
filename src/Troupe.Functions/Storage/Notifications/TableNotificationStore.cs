using Azure.Data.Tables;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Notifications;

/// <summary>A user's notifications in one partition, newest first. What is unread has a second row, so that it is found and counted by itself.</summary>
internal sealed class TableNotificationStore(RecordTables tables, JsonCells cells, Conflicts conflicts, NotifiedUsers users) : INotificationStore
{
    private const string All = "n:";
    private const string Unread = "u:";
    private const char CursorKind = 'n';
    private const int MaxLooked = 1_000;

    public async Task<bool> TryAddAsync(NotificationRecord notification, CancellationToken cancellationToken)
    {
        await users.AddAsync(notification.User, cancellationToken);
        List<TableTransactionAction> actions = [new(TableTransactionActionType.Add, await EntityAsync(All, notification, cancellationToken))];
        if (notification.AcknowledgedAt is null)
            actions.Add(new(TableTransactionActionType.Add, await EntityAsync(Unread, notification, cancellationToken)));
        return await tables.Notifications.TrySubmitAsync(actions, cancellationToken);
    }

    public async Task<NotificationRecord?> GetAsync(string user, string id, CancellationToken cancellationToken) =>
        NotificationIds.IsId(id) && await tables.Notifications.FindAsync(Partition(user), All + Place(id), cancellationToken) is { } entity
            ? await ReadAsync(entity, cancellationToken)
            : null;

    public async Task<Page<NotificationRecord>> ListAsync(NotificationQuery query, CancellationToken cancellationToken)
    {
        var limit = PageLimit.Bound(query.Limit);
        var found = new List<NotificationRecord>();
        var looked = 0;
        var rows = tables.Notifications.RangeAsync(Partition(query.User), Range(query), MaxLooked + 1, cancellationToken);
        NotificationRecord? last = null;
        await foreach (var row in rows)
        {
            if (found.Count == limit || looked++ == MaxLooked)
                return new(found, KeyCursor.Write(CursorKind, last!.Id));
            last = await ReadAsync(row, cancellationToken);
            if (Matches(last, query)) found.Add(last);
        }

        return new(found, null);
    }

    public async Task<int> CountUnreadAsync(string user, CancellationToken cancellationToken) =>
        await tables.Notifications.RangeAsync(Partition(user), KeyRange.Of(Unread), NotificationQuery.MostCounted, cancellationToken, "RowKey")
            .Take(NotificationQuery.MostCounted).CountAsync(cancellationToken);

    public Task<NotificationRecord?> AcknowledgeAsync(string user, string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        ChangeAsync(user, id, stored => stored.AcknowledgedAt is null ? stored with { AcknowledgedAt = at, DeliveredAt = stored.DeliveredAt ?? at } : stored, cancellationToken);

    public async Task<int> AcknowledgeUpToAsync(string user, string? id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var range = id is null ? KeyRange.Of(Unread) : KeyRange.Of(Unread) with { From = Unread + Place(id) };
        var count = 0;
        await foreach (var row in tables.Notifications.RangeAsync(Partition(user), range, MaxLooked, cancellationToken))
        {
            var unread = await ReadAsync(row, cancellationToken);
            if (await AcknowledgeAsync(user, unread.Id, at, cancellationToken) is not null) count++;
        }

        return count;
    }

    public async Task MarkDeliveredAsync(string user, IReadOnlyCollection<string> ids, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
            await ChangeAsync(user, id, stored => stored.DeliveredAt is null ? stored with { DeliveredAt = at } : stored, cancellationToken);
    }

    public async Task<int> DeleteBeforeAsync(DateTimeOffset time, int limit, CancellationToken cancellationToken)
    {
        var count = 0;

        // Behind everything of that time and later, as no digit sorts behind 'g'.
        var range = KeyRange.Of(All) with { After = $"{All}{Place(NotificationIds.Begin(time))}g" };
        await foreach (var user in users.AllAsync(cancellationToken))
        {
            await foreach (var row in tables.Notifications.RangeAsync(Partition(user), range, MaxLooked, cancellationToken))
            {
                if (count == limit) return count;
                if (await TryDeleteAsync(row, cancellationToken)) count++;
            }
        }

        return count;
    }

    /// <summary>False where it was read in this moment, or is gone; a later sweep finds it.</summary>
    private async Task<bool> TryDeleteAsync(TableEntity row, CancellationToken cancellationToken)
    {
        var old = await ReadAsync(row, cancellationToken);
        List<TableTransactionAction> actions = [new(TableTransactionActionType.Delete, row, row.ETag)];
        if (old.AcknowledgedAt is null)
            actions.Add(new(TableTransactionActionType.Delete, new TableEntity(row.PartitionKey, Unread + Place(old.Id)), Azure.ETag.All));
        return await tables.Notifications.TrySubmitAsync(actions, cancellationToken);
    }

    private async Task<NotificationRecord?> ChangeAsync(
        string user, string id, Func<NotificationRecord, NotificationRecord> change, CancellationToken cancellationToken)
    {
        if (await GetAsync(user, id, cancellationToken) is null) return null;
        return await conflicts.RetryAsync($"notification {id}", async _ => await TryChangeAsync(user, id, change, cancellationToken), cancellationToken);
    }

    private async Task<NotificationRecord?> TryChangeAsync(
        string user, string id, Func<NotificationRecord, NotificationRecord> change, CancellationToken cancellationToken)
    {
        if (await tables.Notifications.FindAsync(Partition(user), All + Place(id), cancellationToken) is not { } row) return null;
        var stored = await ReadAsync(row, cancellationToken);
        var changed = change(stored);
        if (ReferenceEquals(stored, changed)) return stored;
        var entity = await EntityAsync(All, changed, cancellationToken);
        List<TableTransactionAction> actions = [new(TableTransactionActionType.UpdateReplace, entity, row.ETag)];
        if (stored.AcknowledgedAt is null)
        {
            var unread = await EntityAsync(Unread, changed, cancellationToken);
            actions.Add(new(changed.AcknowledgedAt is null ? TableTransactionActionType.UpdateReplace : TableTransactionActionType.Delete, unread));
        }

        return await tables.Notifications.TrySubmitAsync(actions, cancellationToken) ? changed : null;
    }

    private static bool Matches(NotificationRecord notification, NotificationQuery query) =>
        (query.Type is null || notification.Type == query.Type)
        && (query.RunId is null || notification.RunId == query.RunId)
        && (query.Since is not { } since || string.CompareOrdinal(notification.Id, NotificationIds.Begin(since)) >= 0);

    /// <summary>Rows are in the reverse order of ids, so that what is before a time begins at its place.</summary>
    private static KeyRange Range(NotificationQuery query)
    {
        var prefix = query.Unread ? Unread : All;
        var range = KeyRange.Of(prefix);

        // Behind everything of that time, as no digit sorts behind 'g'.
        if (query.Before is { } before) range = range with { After = $"{prefix}{Place(NotificationIds.Begin(before))}g" };
        if (query.Cursor is { } cursor)
        {
            var last = KeyCursor.Read(CursorKind, cursor);
            var after = NotificationIds.IsId(last) ? prefix + Place(last) : throw new InvalidCursorException(cursor);
            if (range.After is null || string.CompareOrdinal(after, range.After) > 0) range = range with { After = after };
        }

        return range;
    }

    private async Task<TableEntity> EntityAsync(string prefix, NotificationRecord notification, CancellationToken cancellationToken)
    {
        var entity = new TableEntity(Partition(notification.User), prefix + Place(notification.Id));
        await cells.WriteAsync(entity, RecordJson.Write(notification), cancellationToken);
        return entity;
    }

    private async Task<NotificationRecord> ReadAsync(TableEntity entity, CancellationToken cancellationToken) =>
        RecordJson.Read<NotificationRecord>(await cells.ReadAsync(entity, cancellationToken));

    /// <summary>The complement of each digit sorts the newest first.</summary>
    private static string Place(string id) => string.Concat(id.Select(static digit => Complement[Convert.ToInt32(digit.ToString(), 16)]));

    private const string Complement = "fedcba9876543210";

    private static string Partition(string user) => EntityKey.Of(user);
}
