using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Agents.Catalog;

/// <summary>Agents of the configured roots and of the document store. Files are looked at when somebody asks, at most once a second.</summary>
internal sealed partial class AgentCatalog(
    IOptions<AgentsOptions> options, TimeProvider time, ILogger<AgentCatalog> logger, IDocumentStore? documents = null) : IAgentCatalog, IDisposable
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<string> roots = AgentRoots.Of(options.Value);
    private readonly AgentFileCache files = new();
    private readonly ParsedDocuments parsed = new(options.Value.CommandsByApi);
    private readonly SemaphoreSlim refreshing = new(1, 1);
    private volatile CatalogSnapshot? snapshot;
    private long checkedAt;

    public IReadOnlyList<Problem> Problems => snapshot?.Problems ?? [];

    public async Task<AgentDefinition?> FindAsync(string nameOrPath, CancellationToken cancellationToken)
    {
        if (await PutByApiAsync(nameOrPath, cancellationToken) is { } put)
            return put;
        var current = await CurrentAsync(cancellationToken);
        return current.Find(nameOrPath) ?? await PutByApiIgnoringCaseAsync(nameOrPath, cancellationToken);
    }

    public async Task<IReadOnlyList<AgentDefinition>> ListAsync(CancellationToken cancellationToken)
    {
        var current = await CurrentAsync(cancellationToken);
        if (documents is null)
            return current.Agents;
        var put = await documents.ListAsync(DocumentKinds.Agent, cancellationToken);
        return
        [
            .. put.Select(parsed.Read).OfType<AgentDefinition>()
                .Concat(current.Agents)
                .DistinctBy(agent => agent.Name, StringComparer.OrdinalIgnoreCase)
                .OrderBy(agent => agent.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    public (AgentDefinition? Agent, IReadOnlyList<Problem> Problems) Read(string name, string markdown) => parsed.Read(name, markdown);

    public void Dispose() => refreshing.Dispose();

    private async Task<AgentDefinition?> PutByApiAsync(string name, CancellationToken cancellationToken) =>
        documents is null || await documents.GetAsync(DocumentKinds.Agent, name, version: null, cancellationToken) is not { } document ? null : parsed.Read(document);

    private async Task<AgentDefinition?> PutByApiIgnoringCaseAsync(string name, CancellationToken cancellationToken)
    {
        if (documents is null)
            return null;
        var put = await documents.ListAsync(DocumentKinds.Agent, cancellationToken);
        return put.FirstOrDefault(document => document.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } match ? parsed.Read(match) : null;
    }

    private async ValueTask<CatalogSnapshot> CurrentAsync(CancellationToken cancellationToken)
    {
        if (snapshot is { } fresh && time.GetElapsedTime(Volatile.Read(ref checkedAt)) < CheckEvery)
            return fresh;
        var first = snapshot is null;
        if (!await refreshing.WaitAsync(first ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken))
            return snapshot!;
        try
        {
            if (!first || snapshot is null)
                await RefreshAsync(cancellationToken);
            return snapshot!;
        }
        finally
        {
            refreshing.Release();
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var entries = roots.SelectMany(root => AgentFolder.List(root).Select(entry => (root, entry))).ToList();
        var contents = await files.ReadAsync(entries, cancellationToken);
        if (contents is not null || snapshot is null)
        {
            var next = new CatalogSnapshot(contents ?? []);
            snapshot = next;
            LogLoaded(next.Agents.Count, roots.Count, next.Problems.Count);
            foreach (var problem in next.Problems.Take(20))
                LogProblem(problem);
        }

        Volatile.Write(ref checkedAt, time.GetTimestamp());
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} agents in {Roots} folders, {Problems} problems.")]
    private partial void LogLoaded(int count, int roots, int problems);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Agent file: {Problem}")]
    private partial void LogProblem(Problem problem);
}
