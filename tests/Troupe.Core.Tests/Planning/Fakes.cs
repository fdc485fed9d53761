using System.Security.Cryptography;
using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;

namespace Troupe.Core.Tests.Planning;

internal static class Roster
{
    public static readonly string[] Names =
    [
        "ceo", "cto", "cro", "coo", "requirements-analyst", "software-architect", "backend-developer", "frontend-developer", "code-reviewer",
        "test-engineer", "security-auditor", "performance-analyzer", "accessibility-expert", "devops-engineer", "release-manager",
        "technical-writer", "code-analyst", "generalist", "literature-reviewer", "source-collector", "metadata-extractor", "data-analyst",
        "market-researcher", "technology-assessor", "comparative-analyst", "trend-analyst", "gap-analyst", "research-synthesizer",
        "executive-editor", "report-writer", "research-director", "project-manager", "backlog-manager", "status-reporter",
    ];
}

/// <summary>Agents of these names, made up; counts the look-ups.</summary>
internal sealed class KnownAgents(params string[] names) : IAgentCatalog
{
    public int LookUps { get; private set; }

    public Dictionary<string, AgentDefinition> Special { get; } = [];

    public IReadOnlyList<Problem> Problems => [];

    public Task<AgentDefinition?> FindAsync(string nameOrPath, CancellationToken cancellationToken)
    {
        LookUps++;
        return Task.FromResult(Special.GetValueOrDefault(nameOrPath) ?? (names.Contains(nameOrPath) ? Make(nameOrPath) : null));
    }

    public Task<IReadOnlyList<AgentDefinition>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AgentDefinition>>([.. names.Select(Make)]);

    public (AgentDefinition? Agent, IReadOnlyList<Problem> Problems) Read(string name, string markdown) => (Make(name), []);

    public static AgentDefinition Make(string name) => new() { Name = name, SystemPrompt = $"You are {name}.", Version = "1" };
}

internal sealed class MemoryArtifacts : IArtifactStore
{
    public Dictionary<string, byte[]> Stored { get; } = [];

    public async Task<ArtifactRef> PutAsync(Stream content, string mediaType, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        var hash = Convert.ToHexStringLower(SHA256.HashData(copy.ToArray()));
        Stored[hash] = copy.ToArray();
        return new ArtifactRef(hash, copy.Length, mediaType);
    }

    public Task<Stream?> OpenAsync(string hash, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(Stored.TryGetValue(hash, out var bytes) ? new MemoryStream(bytes) : null);
}
