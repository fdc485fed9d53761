using Troupe.Core.Access;
using Troupe.Storage.Records;

namespace Troupe.Storage.Access;

/// <summary>Secrets beside the records, in the folder that only its owner may look into; a backup has them too.</summary>
internal sealed class SqliteSecretStore(RecordsDatabase database) : ISecretStore
{
    public Task<byte[]> GetOrAddAsync(string name, byte[] offered, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                session.Execute("INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", name, offered);
                return session.QuerySingle("SELECT value FROM secrets WHERE name = ?", static row => row.GetBytes(0), name)!;
            },
            cancellationToken);
}
