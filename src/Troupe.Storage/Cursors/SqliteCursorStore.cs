using Troupe.Core.Records;
using Troupe.Storage.Records;

namespace Troupe.Storage.Cursors;

internal sealed class SqliteCursorStore(RecordsDatabase database) : ICursorStore
{
    public Task<long> GetAsync(string reader, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.QueryInt64("SELECT coalesce(max(position), 0) FROM cursors WHERE reader = ?", reader), cancellationToken);

    public Task AdvanceAsync(string reader, long position, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Execute(
            "INSERT INTO cursors (reader, position) VALUES (?1, ?2) ON CONFLICT (reader) DO UPDATE SET position = max(position, ?2)",
            reader,
            position),
        cancellationToken);
}
