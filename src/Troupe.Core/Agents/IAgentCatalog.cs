using Troupe.Core.Definitions;

namespace Troupe.Core.Agents;

/// <summary>The agents that tasks can name: files under the configured roots, and those put by API, which win over files of the same name.</summary>
public interface IAgentCatalog
{
    /// <summary>By name (case is ignored) or by path inside the roots; null where there is none. A path that leaves the roots finds nothing.</summary>
    Task<AgentDefinition?> FindAsync(string nameOrPath, CancellationToken cancellationToken);

    /// <summary>All, by name.</summary>
    Task<IReadOnlyList<AgentDefinition>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Files that could not be read, each with its line. They stop nothing else.</summary>
    IReadOnlyList<Problem> Problems { get; }

    /// <summary>Reads an agent's text; where there are problems, there is no agent.</summary>
    (AgentDefinition? Agent, IReadOnlyList<Problem> Problems) Read(string name, string markdown);
}
