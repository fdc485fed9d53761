using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Sqlite;
using Troupe.Storage.Records;

namespace Troupe.Storage.Runs;

/// <summary>
/// Pages of runs, newest first. Each page walks one index from where the page before ended; which one depends on the filters. What the
/// index does not begin with is checked on its entries, which hold all that can be asked for together.
/// </summary>
internal static class RunList
{
    private const char CursorKind = 'r';

    public static Page<RunRecord> Read(SqliteSession session, RunQuery query)
    {
        var limit = PageLimit.Bound(query.Limit);
        var start = Start(query);
        var keys = Statuses(query).SelectMany(status => Keys(session, query, status, start, limit + 1));
        var page = keys.OrderDescending().Take(limit + 1).ToList();
        var more = page.Count > limit;
        if (more) page.RemoveAt(limit);
        return new(
            page.ConvertAll(key => RunRows.Load(session, key.Seq)),
            more ? new PageCursor(CursorKind, page[^1].Created, page[^1].Seq).ToString() : null);
    }

    /// <summary>The statement for one status (or all); its values are status, tag, name and user where given, then the bounds and the limit.</summary>
    internal static string Statement(RunQuery query, bool byStatus)
    {
        var source = (byStatus, query) switch
        {
            (_, { Tag: not null }) => "run_tags",
            (true, _) => "runs INDEXED BY runs_status",
            (_, { User: not null }) => "runs INDEXED BY runs_user",
            (_, { Name: not null }) => "runs INDEXED BY runs_name",
            _ => "runs INDEXED BY runs_created",
        };
        var status = byStatus ? "status = ? AND" : "";
        var tag = query.Tag is null ? "" : "tag = ? AND";
        var name = query.Name is null ? "" : "name = ? AND";
        var user = query.User is null ? "" : "user = ? AND";
        return $"""
            SELECT created, seq FROM {source}
            WHERE {status} {tag} {name} {user} created >= ? AND (created, seq) < (?, ?)
            ORDER BY created DESC, seq DESC LIMIT ?
            """;
    }

    private static List<(long Created, long Seq)> Keys(
        SqliteSession session, RunQuery query, WorkStatus? status, (long Created, long Seq) start, int limit)
    {
        List<SqliteValue> values = [];
        if (status is { } one) values.Add(EnumWords<WorkStatus>.Write(one));
        if (query.Tag is { } tag) values.Add(tag);
        if (query.Name is { } name) values.Add(name);
        if (query.User is { } user) values.Add(user);
        values.AddRange([query.CreatedFrom?.UtcTicks ?? long.MinValue, start.Created, start.Seq, limit]);
        return session.Query(
            Statement(query, byStatus: status is not null), static row => (row.GetInt64(0), row.GetInt64(1)), [.. values]);
    }

    /// <summary>Each status is walked by itself, as an index is in the order of time only within one.</summary>
    private static IEnumerable<WorkStatus?> Statuses(RunQuery query) =>
        query.Statuses is { Count: > 0 } statuses ? statuses.Distinct().Select(static status => (WorkStatus?)status) : [null];

    /// <summary>Pages begin below this key.</summary>
    private static (long Created, long Seq) Start(RunQuery query)
    {
        var newest = (query.CreatedTo?.UtcTicks ?? long.MaxValue, long.MaxValue);
        if (PageCursor.Parse(CursorKind, query.Cursor) is not { } cursor) return newest;
        var after = (cursor.Order, cursor.Row);
        return after.CompareTo(newest) < 0 ? after : newest;
    }
}
