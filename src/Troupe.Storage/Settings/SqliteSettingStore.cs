using System.Globalization;
using Troupe.Core.Records;
using Troupe.Sqlite;
using Troupe.Storage.Records;

namespace Troupe.Storage.Settings;

internal sealed class SqliteSettingStore(RecordsDatabase database) : ISettingStore
{
    private const string Columns = "SELECT kind, id, json, version FROM settings";

    public Task<bool> TryAddAsync(string kind, string id, string json, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Execute("INSERT INTO settings (kind, id, json, version) VALUES (?, ?, ?, 1) ON CONFLICT DO NOTHING", kind, id, json) > 0,
        cancellationToken);

    public Task<Setting?> GetAsync(string kind, string id, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.QuerySingle($"{Columns} WHERE kind = ? AND id = ?", Read, kind, id), cancellationToken);

    public async Task<IReadOnlyList<Setting>> ListAsync(string kind, CancellationToken cancellationToken) => await database.ReadAsync(
        session => session.Query($"{Columns} WHERE kind = ? ORDER BY id", Read, kind), cancellationToken);

    public Task<bool> TryReplaceAsync(Setting read, string json, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Execute(
            "UPDATE settings SET json = ?, version = version + 1 WHERE kind = ? AND id = ? AND version = ?",
            json,
            read.Kind,
            read.Id,
            long.Parse(read.Version, CultureInfo.InvariantCulture)) > 0,
        cancellationToken);

    public Task<bool> DeleteAsync(string kind, string id, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Execute("DELETE FROM settings WHERE kind = ? AND id = ?", kind, id) > 0, cancellationToken);

    private static Setting Read(SqliteRow row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3).ToString(CultureInfo.InvariantCulture));
}
