using System.Globalization;
using System.Text;
using Troupe.Core.Agents;

namespace Troupe.Agents.Providers.Simulated;

/// <summary>
/// A readable answer for agents without a script: laid out as the agent's trade would lay it out, and made only of what the prompt holds,
/// so that it never pretends to be a finding.
/// </summary>
internal static class SimulatedReport
{
    private static readonly (Trade Trade, string[] Marks)[] Marks =
    [
        (Trade.Reviewer, ["review", "audit", "test-", "tester", "performance", "accessib", "security", "quality", "code-analyst"]),
        (Trade.Researcher, ["research-", "researcher", "literature", "source", "metadata", "data-analyst", "market", "trend", "gap", "comparative", "assess"]),
        (Trade.Writer, ["writer", "editor", "report", "synthes", "document"]),
        (Trade.Planner, ["requirement", "architect", "plan", "manager", "director", "analyst"]),
        (Trade.Builder, ["develop", "engineer"]),
    ];

    private static readonly string[] Fields = ["security", "performance", "accessibility"];

    public static string Write(AgentDefinition agent, string prompt)
    {
        var facts = PromptFacts.Of(prompt);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"> **Simulated answer.** No model was called: this text is made from the prompt's own words, to show how the work flows. Configure a provider for a real answer by {agent.Name}.\n\n");
        switch (TradeOf(agent))
        {
            case Trade.Reviewer:
                Review(text, agent, facts);
                break;
            case Trade.Planner:
                Plan(text, facts);
                break;
            case Trade.Researcher:
                Research(text, facts);
                break;
            case Trade.Writer:
                Digest(text, facts);
                break;
            case Trade.Executive:
                Decide(text, agent, facts);
                break;
            default:
                Build(text, facts);
                break;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n---\nThe prompt had {Count(facts.Words, "word")} in {Count(facts.Lines, "line")}{FileCount(facts)}.\n");
        return text.ToString();
    }

    private static Trade TradeOf(AgentDefinition agent)
    {
        if (agent.Role == AgentRole.Executive)
            return Trade.Executive;
        var about = $"{agent.Name} {agent.Description}".ToLowerInvariant();
        foreach (var (trade, marks) in Marks)
        {
            if (marks.Any(mark => agent.Name.Contains(mark, StringComparison.OrdinalIgnoreCase)))
                return trade;
        }

        foreach (var (trade, marks) in Marks)
        {
            if (marks.Any(mark => about.Contains(mark, StringComparison.Ordinal)))
                return trade;
        }

        return Trade.Builder;
    }

    private static void Review(StringBuilder text, AgentDefinition agent, PromptFacts facts)
    {
        text.Append(CultureInfo.InvariantCulture, $"# Review by {agent.Name}\n\n**Subject:** {facts.Subject}\n\n");
        if (facts.Files.Count > 0)
        {
            text.Append("## What changed\n\n| File | Added | Removed |\n|---|---:|---:|\n");
            foreach (var file in facts.Files.Take(30))
                text.Append(CultureInfo.InvariantCulture, $"| `{file.Path}` | {file.Added.Count} | {file.Removed} |\n");
            text.Append('\n');
        }

        var found = Signal.Find(FieldOf(agent), facts.Files);
        text.Append("## Places to look at\n\n");
        foreach (var (path, line, quote, remark) in found.Take(20))
            text.Append(CultureInfo.InvariantCulture, $"- `{path}:{line}`: {remark}: `{quote.Replace('`', '\'')}`\n");
        if (found.Count == 0)
            text.Append(facts.Files.Count > 0 ? "No added line matches a known pattern.\n" : List(facts.Topics));
        var tests = facts.Files.Count(file => file.Path.Contains("test", StringComparison.OrdinalIgnoreCase));
        if (facts.Files.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"\n## Tests\n\n{(tests > 0 ? $"{tests} of {facts.Files.Count} changed files are tests." : "No changed file is a test.")}\n");
        text.Append(CultureInfo.InvariantCulture, $"\n## Verdict\n\n{(found.Count > 0 ? $"{found.Count} places need a look before this is accepted." : "Nothing stands out mechanically; a real review is still due.")}\n");
    }

    private static string FieldOf(AgentDefinition agent) =>
        Array.Find(Fields, field => agent.Name.Contains(field, StringComparison.OrdinalIgnoreCase)) ?? "quality";

    private static void Plan(StringBuilder text, PromptFacts facts)
    {
        text.Append(CultureInfo.InvariantCulture, $"# Plan\n\n**Goal:** {facts.Subject}\n\n## Steps\n\n");
        var step = 0;
        foreach (var topic in facts.Topics)
            text.Append(CultureInfo.InvariantCulture, $"{++step}. {topic}\n   - Done when: a check shows that \"{PromptFacts.Shorten(topic, 80)}\" holds.\n");
        Questions(text, facts);
    }

    private static void Research(StringBuilder text, PromptFacts facts)
    {
        text.Append(CultureInfo.InvariantCulture, $"# Findings\n\n**Question:** {facts.Subject}\n\n## What the material names\n\n{List(facts.Topics)}");
        text.Append("\n## Sources\n\nNone was read: an offline answer cites nothing but the prompt.\n");
        Questions(text, facts);
    }

    private static void Digest(StringBuilder text, PromptFacts facts)
    {
        text.Append(CultureInfo.InvariantCulture, $"# {facts.Subject}\n\n## Summary\n\n{Material(facts)}\n\n");
        foreach (var heading in facts.Headings.Skip(1))
            text.Append(CultureInfo.InvariantCulture, $"## {heading}\n\nTaken over from the material under this heading.\n\n");
        if (facts.Points.Count > 0)
            text.Append("## Points\n\n").Append(List(facts.Points));
        Questions(text, facts);
    }

    private static string Material(PromptFacts facts) => (facts.Headings.Count, facts.Points.Count) switch
    {
        (0, 0) => "The material has neither headings nor lists.",
        var (headings, points) => $"Of the material, {Count(headings, "heading")} and {Count(points, "listed point")} are taken into view.",
    };

    private static string Count(int number, string thing) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {thing}{(number == 1 ? "" : "s")}");

    private static void Decide(StringBuilder text, AgentDefinition agent, PromptFacts facts)
    {
        text.Append(CultureInfo.InvariantCulture, $"# Decision note by {agent.Name}\n\n**Matter:** {facts.Subject}\n\n## In view\n\n{List(facts.Topics)}");
        text.Append("\n## Decision\n\nNone: an offline answer decides nothing. A person or a real model has to.\n");
        Questions(text, facts);
    }

    private static void Build(StringBuilder text, PromptFacts facts)
    {
        text.Append(CultureInfo.InvariantCulture, $"# Work on: {facts.Subject}\n\n## Parts\n\n{List(facts.Topics)}");
        if (facts.Files.Count > 0)
            text.Append("\n## Files\n\n").Append(List([.. facts.Files.Select(file => $"`{file.Path}` (+{file.Added.Count} −{file.Removed})")]));
        text.Append("\n## Result\n\nNo file was written: an offline answer shows the way of the work, not its outcome.\n");
        Questions(text, facts);
    }

    private static void Questions(StringBuilder text, PromptFacts facts)
    {
        if (facts.Questions.Count > 0)
            text.Append("\n## Open questions\n\n").Append(List(facts.Questions));
    }

    private static string List(IReadOnlyList<string> items) => string.Concat(items.Select(item => $"- {item}\n"));

    private static string FileCount(PromptFacts facts) => facts.Files.Count == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $" and a diff of {facts.Files.Count:N0} files (+{facts.Files.Sum(file => file.Added.Count):N0} −{facts.Files.Sum(file => file.Removed):N0})");

    private enum Trade
    {
        Builder,
        Reviewer,
        Planner,
        Researcher,
        Writer,
        Executive,
    }
}
