using System.Text;
using Troupe.Durable;
using Troupe.Engine.Storage;
using Troupe.Sqlite;

namespace Troupe.Engine.Sqlite;

internal static class InstanceListing
{
    public static List<InstanceRecord> Run(SqliteSession session, OrchestrationQuery query, long afterKey, int limit)
    {
        // A plus sign keeps SQLite from walking all rows in key order where another index narrows them down.
        var key = query.InstanceIdPrefix is not null || query.Statuses?.All(static status => !status.IsTerminal()) == true ? "+key" : "key";
        var sql = new StringBuilder($"SELECT {InstanceTable.Columns} FROM instances WHERE {key} > ?1");
        if (query.Statuses is not null)
            sql.Append(" AND status IN (").AppendJoin(", ", query.Statuses.Distinct().Order().Select(static status => (int)status)).Append(')');
        sql.Append(" AND (?2 IS NULL OR created_at >= ?2) AND (?3 IS NULL OR created_at <= ?3)");
        sql.Append(query.InstanceIdPrefix is null ? " AND ?4 IS NULL AND ?5 IS NULL" : " AND id >= ?4 AND id < ?5");
        sql.Append($" ORDER BY {key} LIMIT ?6");
        return session.Query(
            sql.ToString(),
            InstanceTable.Read,
            afterKey,
            query.CreatedFrom?.UtcTicks,
            query.CreatedTo?.UtcTicks,
            query.InstanceIdPrefix,
            query.InstanceIdPrefix is { } prefix ? prefix + "\U0010FFFF" : null,
            limit);
    }
}
