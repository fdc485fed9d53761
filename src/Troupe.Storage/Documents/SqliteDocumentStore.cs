using Troupe.Core.Records;
using Troupe.Sqlite;
using Troupe.Storage.Records;

namespace Troupe.Storage.Documents;

/// <summary>Every put and every deletion is a row of its own; a deletion is one without a text.</summary>
internal sealed class SqliteDocumentStore(RecordsDatabase database, TimeProvider time) : IDocumentStore
{
    private const string Columns = "SELECT kind, name, version, text, user, at FROM documents";

    public Task<Document> PutAsync(string kind, string name, string text, string user, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var newest = Newest(session, kind, name);
                return newest is not null && newest.Text == text
                    ? newest.Existing
                    : Add(session, kind, name, newest, text, user).Existing;
            },
            cancellationToken);

    public Task<Document?> GetAsync(string kind, string name, int? version, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => (version is { } number ? Find(session, kind, name, number) : Newest(session, kind, name))?.ExistingOrNull,
            cancellationToken);

    public async Task<IReadOnlyList<Document>> ListAsync(string kind, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            session => session.Query(
                $"""
                {Columns} AS d WHERE kind = ? AND text IS NOT NULL
                AND version = (SELECT max(version) FROM documents AS n WHERE n.kind = d.kind AND n.name = d.name) ORDER BY name
                """,
                static row => Read(row).Existing,
                kind),
            cancellationToken);

    public Task<bool> DeleteAsync(string kind, string name, string user, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var newest = Newest(session, kind, name);
                if (newest?.Text is null) return false;
                Add(session, kind, name, newest, text: null, user);
                return true;
            },
            cancellationToken);

    private static Row? Newest(SqliteSession session, string kind, string name) => session.QuerySingle(
        $"{Columns} WHERE kind = ? AND name = ? ORDER BY version DESC LIMIT 1", Read, kind, name);

    private static Row? Find(SqliteSession session, string kind, string name, int version) => session.QuerySingle(
        $"{Columns} WHERE kind = ? AND name = ? AND version = ?", Read, kind, name, version);

    private Row Add(SqliteSession session, string kind, string name, Row? newest, string? text, string user)
    {
        var row = new Row(kind, name, (newest?.Version ?? 0) + 1, text, user, time.GetUtcNow());
        session.Execute(
            "INSERT INTO documents (kind, name, version, text, user, at) VALUES (?, ?, ?, ?, ?, ?)",
            kind,
            name,
            row.Version,
            text,
            user,
            row.At.UtcTicks);
        return row;
    }

    private static Row Read(SqliteRow row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetInt32(2),
        row.GetStringOrNull(3),
        row.GetString(4),
        new DateTimeOffset(row.GetInt64(5), TimeSpan.Zero));

    private sealed record Row(string Kind, string Name, int Version, string? Text, string User, DateTimeOffset At)
    {
        public Document? ExistingOrNull => Text is null ? null : new Document(Kind, Name, Version, Text, User, At);

        public Document Existing => ExistingOrNull ?? throw new InvalidOperationException($"Version {Version} of {Kind} '{Name}' is a deletion.");
    }
}
