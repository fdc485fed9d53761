using System.Collections.Concurrent;
using Troupe.Agents.Files;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Agents.Catalog;

/// <summary>Agents put by API, each version read once.</summary>
internal sealed class ParsedDocuments(bool commandsAllowed)
{
    private readonly ConcurrentDictionary<string, (int Version, AgentDefinition? Agent)> known = new(StringComparer.Ordinal);

    /// <summary>Null where the text, accepted by another release, has problems for this one.</summary>
    public AgentDefinition? Read(Document document)
    {
        if (known.TryGetValue(document.Name, out var found) && found.Version == document.Version)
            return found.Agent;
        var agent = Read(document.Name, document.Text).Agent;
        known[document.Name] = (document.Version, agent);
        return agent;
    }

    /// <summary>
    /// The agent's name is the document's; a front matter that names another one is a problem. So is a program of its own, unless that
    /// is allowed: whoever may put agents could otherwise run anything on this machine.
    /// </summary>
    public (AgentDefinition? Agent, IReadOnlyList<Problem> Problems) Read(string name, string markdown)
    {
        var (agent, problems) = AgentFile.Read(name, markdown, path: null);
        if (agent is null)
            return (null, problems);
        if (!agent.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            return (null, [new Problem($"The front matter names the agent '{agent.Name}', but it is put as '{name}'. Make them the same, or leave the name out.", "/name", name, 1, 1)]);
        if (agent.Command is not null && !commandsAllowed)
            return (null, [new Problem($"An agent put by API has no 'command'. Put it into a file, or set {AgentsOptions.Section}:CommandsByApi.", "/command", name, 1, 1)]);
        return (agent with { Name = name }, []);
    }
}
