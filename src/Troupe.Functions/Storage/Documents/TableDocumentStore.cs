using System.Globalization;
using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Documents;

/// <summary>
/// Each put and each deletion is a row of its own; the newest is in a second row, too, which is what lists read and what writers compete
/// for. Both are in the partition of the document's kind: their number does not grow with the runs.
/// </summary>
internal sealed class TableDocumentStore(RecordTables tables, JsonCells cells, Conflicts conflicts, TimeProvider time) : IDocumentStore
{
    private const string Newest = "newest:";

    private readonly StripedLock _turns = new();

    public async Task<Document> PutAsync(string kind, string name, string text, string user, CancellationToken cancellationToken)
    {
        using (await _turns.EnterAsync(name, cancellationToken))
        {
            return await conflicts.RetryAsync<Document>(
                name,
                async _ =>
                {
                    var newest = await FindAsync(kind, NewestRow(name), cancellationToken);
                    if (newest?.Version is { Text: not null } same && same.Text == text) return same.ToDocument();
                    return (await TryAddAsync(newest, Next(newest, kind, name, text, user), cancellationToken))?.ToDocument();
                },
                cancellationToken);
        }
    }

    public async Task<Document?> GetAsync(string kind, string name, int? version, CancellationToken cancellationToken)
    {
        if (version < 1) return null;
        return (await FindAsync(kind, version is { } number ? VersionRow(name, number) : NewestRow(name), cancellationToken))?.Version.ToDocument();
    }

    public async Task<IReadOnlyList<Document>> ListAsync(string kind, CancellationToken cancellationToken)
    {
        var rows = await tables.Documents.RangeAsync(kind, KeyRange.Of(Newest), int.MaxValue, cancellationToken).ToListAsync(cancellationToken);
        var versions = await Concurrently.SelectAsync(rows, row => ReadAsync(row, cancellationToken));
        return [.. versions.Select(static version => version.ToDocument()).OfType<Document>().OrderBy(static document => document.Name, StringComparer.Ordinal)];
    }

    public async Task<bool> DeleteAsync(string kind, string name, string user, CancellationToken cancellationToken)
    {
        using (await _turns.EnterAsync(name, cancellationToken))
        {
            var deleted = false;
            await conflicts.RetryAsync(
                name,
                async _ =>
                {
                    var newest = await FindAsync(kind, NewestRow(name), cancellationToken);
                    if (newest?.Version.Text is null) return true;
                    return deleted = await TryAddAsync(newest, Next(newest, kind, name, text: null, user), cancellationToken) is not null;
                },
                cancellationToken);
            return deleted;
        }
    }

    private DocumentVersion Next((TableEntity Entity, DocumentVersion Version)? newest, string kind, string name, string? text, string user) =>
        new(kind, name, (newest?.Version.Number ?? 0) + 1, text, user, time.GetUtcNow());

    private async Task<DocumentVersion?> TryAddAsync(
        (TableEntity Entity, DocumentVersion Version)? newest, DocumentVersion version, CancellationToken cancellationToken)
    {
        var json = RecordJson.Write(version);
        var kept = new TableEntity(version.Kind, VersionRow(version.Name, version.Number));
        var head = new TableEntity(version.Kind, NewestRow(version.Name));
        await cells.WriteAsync(kept, json, cancellationToken);
        await cells.WriteAsync(head, json, cancellationToken);
        TableTransactionAction[] actions =
        [
            new(TableTransactionActionType.Add, kept),
            newest is var (stored, _) ? new(TableTransactionActionType.UpdateReplace, head, stored.ETag) : new(TableTransactionActionType.Add, head),
        ];
        return await tables.Documents.TrySubmitAsync(actions, cancellationToken) ? version : null;
    }

    private async Task<(TableEntity Entity, DocumentVersion Version)?> FindAsync(string kind, string row, CancellationToken cancellationToken) =>
        await tables.Documents.FindAsync(kind, row, cancellationToken) is { } entity ? (entity, await ReadAsync(entity, cancellationToken)) : null;

    private async Task<DocumentVersion> ReadAsync(TableEntity entity, CancellationToken cancellationToken) =>
        RecordJson.Read<DocumentVersion>(await cells.ReadAsync(entity, cancellationToken));

    private static string NewestRow(string name) => $"{Newest}{EntityKey.Of(name)}";

    private static string VersionRow(string name, int version) =>
        string.Create(CultureInfo.InvariantCulture, $"version:{EntityKey.Of(name)}:{version:d10}");
}
