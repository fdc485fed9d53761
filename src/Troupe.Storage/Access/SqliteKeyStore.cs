using Troupe.Core.Access;
using Troupe.Core.Stores;
using Troupe.Sqlite;
using Troupe.Storage.Records;

namespace Troupe.Storage.Access;

internal sealed class SqliteKeyStore(RecordsDatabase database) : IKeyStore
{
    public Task<bool> TryPutAsync(ApiKey key, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute(
                "INSERT INTO keys (id, created, revoked, record) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                key.Id,
                key.CreatedAt.UtcTicks,
                key.RevokedAt is null ? 0 : 1,
                RecordJson.Write(key)) > 0,
            cancellationToken);

    public Task<ApiKey?> GetAsync(string keyId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, keyId), cancellationToken);

    public async Task<IReadOnlyList<ApiKey>> ListAsync(bool revokedToo, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            session => session.Query(
                $"SELECT record FROM keys {(revokedToo ? "" : "WHERE revoked = 0")} ORDER BY created, seq",
                static row => RecordJson.Read<ApiKey>(row.GetSpan(0))),
            cancellationToken);

    public Task<ApiKey?> RevokeAsync(string keyId, DateTimeOffset at, string by, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => Find(session, keyId) is { RevokedAt: null } key
                ? Store(session, key with { RevokedAt = at, RevokedBy = by })
                : Find(session, keyId),
            cancellationToken);

    public Task TouchAsync(string keyId, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => Find(session, keyId) is { } key && !(key.LastUsedAt >= at) ? Store(session, key with { LastUsedAt = at }) : null,
            cancellationToken);

    public Task<int> DeleteSessionsAsync(DateTimeOffset endedBy, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var ended = session.Query("SELECT record FROM keys", static row => RecordJson.Read<ApiKey>(row.GetSpan(0))).Where(key => key.IsEndedSession(endedBy)).ToList();
                ended.ForEach(key => session.Execute("DELETE FROM keys WHERE id = ?", key.Id));
                return ended.Count;
            },
            cancellationToken);

    private static ApiKey? Find(SqliteSession session, string keyId) =>
        session.QuerySingle("SELECT record FROM keys WHERE id = ?", static row => RecordJson.Read<ApiKey>(row.GetSpan(0)), keyId);

    private static ApiKey Store(SqliteSession session, ApiKey key)
    {
        session.Execute("UPDATE keys SET revoked = ?, record = ? WHERE id = ?", key.RevokedAt is null ? 0 : 1, RecordJson.Write(key), key.Id);
        return key;
    }
}
