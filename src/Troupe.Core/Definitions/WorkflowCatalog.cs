using System.Collections.Concurrent;
using System.Globalization;
using Troupe.Core.Records;

namespace Troupe.Core.Definitions;

/// <summary>
/// Definitions put by API, then those of the folders. Texts are read once for each version; a document put by API is found at once,
/// a changed file within <see cref="WorkflowCatalogOptions.Recheck"/>.
/// </summary>
public sealed class WorkflowCatalog(WorkflowCatalogOptions options, IDocumentStore documents, TimeProvider time) : IWorkflowCatalog
{
    private readonly DefinitionFolders _folders = new([.. options.Folders], options.Recheck, time);
    private readonly ConcurrentDictionary<string, ReadDocument> _read = new(StringComparer.Ordinal);

    public IReadOnlyList<Problem> Problems =>
        [.. _folders.Current.Problems, .. _read.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value.Problems)];

    public async Task<WorkflowSource?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var document = await documents.GetAsync(DocumentKinds.Definition, name, version: null, cancellationToken);
        if (document is not null)
            return Read(document).Source;
        _read.TryRemove(name, out _);
        return _folders.Current.ByName.GetValueOrDefault(name);
    }

    public async Task<IReadOnlyList<WorkflowSource>> ListAsync(CancellationToken cancellationToken)
    {
        var put = await documents.ListAsync(DocumentKinds.Definition, cancellationToken);
        var names = put.Select(document => document.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _read.Keys.Where(name => !names.Contains(name)))
            _read.TryRemove(gone, out _);
        return
        [
            .. put.Select(document => Read(document).Source).OfType<WorkflowSource>()
                .Concat(_folders.Current.ByName.Where(file => !names.Contains(file.Key)).Select(file => file.Value))
                .OrderBy(source => source.Definition.Name, StringComparer.Ordinal),
        ];
    }

    private ReadDocument Read(Document document)
    {
        if (_read.TryGetValue(document.Name, out var known) && known.Version == document.Version)
            return known;
        var result = DefinitionReader.Read(document.Text);
        var problems = result.Problems;
        if (result.Definition is { } named && named.Name != document.Name)
            problems = [new Problem($"The definition put as \"{document.Name}\" calls itself \"{named.Name}\"; the names must be the same.", "/name")];
        var source = problems.Count > 0
            ? null
            : new WorkflowSource(result.Definition!, document.Text, document.Version.ToString(CultureInfo.InvariantCulture), File: null);
        return _read[document.Name] = new ReadDocument(document.Version, source, problems);
    }

    private sealed record ReadDocument(int Version, WorkflowSource? Source, IReadOnlyList<Problem> Problems);
}
