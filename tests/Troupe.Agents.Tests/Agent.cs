using Troupe.Core.Agents;

namespace Troupe.Agents.Tests;

internal static class Agent
{
    /// <summary>An agent from front matter lines, read as its file would be.</summary>
    public static AgentDefinition With(string frontMatter, string body = "You help.")
    {
        var (agent, problems) = Troupe.Agents.Files.AgentFile.Read("helper", $"---\n{frontMatter}\n---\n{body}\n", "helper.md");
        Assert.Empty(problems);
        return agent!;
    }

    public static AgentDefinition Simulated(string script) => With($"provider: simulated\nsimulate: {script}");
}
