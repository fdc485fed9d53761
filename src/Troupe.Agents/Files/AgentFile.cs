using Troupe.Core.Agents;
using Troupe.Core.Definitions;

namespace Troupe.Agents.Files;

/// <summary>Reads an agent's markdown text.</summary>
internal static class AgentFile
{
    /// <summary>The longest text accepted, in characters.</summary>
    public const int MaxLength = 1024 * 1024;

    private const int MaxFrontMatter = 256 * 1024;
    private const int MaxName = 128;

    /// <summary>The agent; null where there are problems.</summary>
    /// <param name="fallbackName">Its name where the front matter gives none.</param>
    /// <param name="path">Of the file in its root; null for a text put by API.</param>
    public static (AgentDefinition? Agent, IReadOnlyList<Problem> Problems) Read(string fallbackName, string text, string? path)
    {
        var file = path ?? fallbackName;
        Problem At(int line, string message) => new(message, File: file, Line: line, Column: 1);

        if (text.Length > MaxLength)
            return (null, [At(1, $"The file has {text.Length} characters; an agent file has at most {MaxLength}.")]);
        if (text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var nul)
            return (null, [At(1 + text.AsSpan(0, nul).Count('\n'), "The file holds a NUL character: it is no text.")]);
        var parts = MarkdownText.Split(text);
        if (parts.Unclosed && FrontMatter.BeginsWithKey(parts.Body.TrimStart('-')))
            return (null, [At(parts.FrontMatterLine, "The front matter that begins here is never closed: put a line '---' after its last key.")]);
        if (parts.FrontMatter?.Length > MaxFrontMatter)
            return (null, [At(parts.FrontMatterLine, $"The front matter has {parts.FrontMatter.Length} characters; it may have {MaxFrontMatter}.")]);

        var entries = parts.FrontMatter is null ? [] : FrontMatter.Read(parts.FrontMatter, parts.FrontMatterLine);
        var reader = new EntryReader(entries ?? [], file);
        var agent = Build(reader, fallbackName, entries is null ? text.Trim() : parts.Body, path, text);
        if (agent.SystemPrompt.Length == 0 && reader.Problems.Count == 0)
            reader.Problems.Add(At(1, "The file has neither a system prompt (the text below the front matter) nor a description."));
        if (agent.Name.Length is 0 or > MaxName || agent.Name.Any(char.IsControl))
            reader.Problems.Add(At(parts.FrontMatterLine, $"The name must have 1 to {MaxName} characters and no control characters."));
        return reader.Problems.Count == 0 ? (agent, []) : (null, reader.Problems);
    }

    private static AgentDefinition Build(EntryReader reader, string fallbackName, string body, string? path, string text)
    {
        var description = reader.Text("description", lenient: true)?.Replace("\\n", "\n", StringComparison.Ordinal);
        return new AgentDefinition
        {
            Name = reader.Text("name") ?? fallbackName,
            Description = description,
            SystemPrompt = body.Length > 0 ? body : description ?? "",
            Model = reader.Text("model"),
            Tools = reader.Names("tools"),
            Provider = reader.Text("provider"),
            Mode = reader.Word<ExecutionMode>("mode"),
            Role = reader.Word<AgentRole>("role") ?? AgentRole.Employee,
            ReportsTo = reader.Text("reports_to"),
            Skills = reader.Names("skills"),
            Temperature = reader.Number("temperature", 0, 2),
            MaxOutputTokens = (int?)reader.Number("max_output_tokens", 1, int.MaxValue),
            Timeout = reader.Time("timeout"),
            Command = reader.Command("command"),
            OutputSchema = reader.Object("output_schema"),
            Simulate = reader.Object("simulate"),
            Path = path,
            Version = ContentVersion.Of(text),
            Extra = reader.LeftOver(),
        };
    }
}
