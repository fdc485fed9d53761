using Troupe.Core.Records;

namespace Troupe.Testing.Stores.InMemory;

internal sealed class InMemoryDocumentStore(TimeProvider time) : IDocumentStore
{
    private readonly Lock _gate = new();

    /// <summary>All versions, oldest first; a deletion is null.</summary>
    private readonly Dictionary<(string Kind, string Name), List<Document?>> _documents = [];

    public Task<Document> PutAsync(string kind, string name, string text, string user, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_documents.TryGetValue((kind, name), out var versions)) _documents.Add((kind, name), versions = []);
            if (versions is [.., { } newest] && newest.Text == text) return Task.FromResult(newest);
            var added = new Document(kind, name, versions.Count + 1, text, user, time.GetUtcNow());
            versions.Add(added);
            return Task.FromResult(added);
        }
    }

    public Task<Document?> GetAsync(string kind, string name, int? version, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var versions = _documents.GetValueOrDefault((kind, name), []);
            return Task.FromResult(version is { } number ? versions.ElementAtOrDefault(number - 1) : versions.LastOrDefault());
        }
    }

    public Task<IReadOnlyList<Document>> ListAsync(string kind, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<Document>>(
            [
                .. _documents.Where(pair => pair.Key.Kind == kind).Select(static pair => pair.Value[^1]).OfType<Document>()
                    .OrderBy(static document => document.Name, StringComparer.Ordinal),
            ]);
        }
    }

    public Task<bool> DeleteAsync(string kind, string name, string user, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_documents.TryGetValue((kind, name), out var versions) || versions[^1] is null) return Task.FromResult(false);
            versions.Add(null);
            return Task.FromResult(true);
        }
    }
}
