using System.Text.RegularExpressions;

namespace Troupe.Agents.Providers.Simulated;

/// <summary>What can be said of a prompt without understanding it.</summary>
internal sealed partial record PromptFacts
{
    private const int MaxLines = 20_000;

    public required string Subject { get; init; }

    public int Words { get; init; }

    public int Lines { get; init; }

    public IReadOnlyList<string> Headings { get; init; } = [];

    public IReadOnlyList<string> Points { get; init; } = [];

    public IReadOnlyList<string> Questions { get; init; } = [];

    public IReadOnlyList<ChangedFile> Files { get; init; } = [];

    public static PromptFacts Of(string prompt)
    {
        var lines = prompt.ReplaceLineEndings("\n").Split('\n', MaxLines);
        var files = ChangedFile.ReadDiff(lines);
        var prose = lines.TakeWhile(line => !line.StartsWith("diff --git ", StringComparison.Ordinal)).ToList();
        return new PromptFacts
        {
            Subject = Shorten(prose.Select(Plain).FirstOrDefault(line => line.Length > 0) ?? "an empty prompt", 160),
            Words = prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
            Lines = lines.Length,
            Headings = [.. prose.Where(line => Heading().IsMatch(line)).Select(Plain).Distinct(StringComparer.Ordinal).Take(8)],
            Points = [.. prose.Where(line => Point().IsMatch(line)).Select(Plain).Where(line => line.Length > 2).Take(8)],
            Questions = [.. prose.Where(line => line.TrimEnd().EndsWith('?')).Select(Plain).Take(5)],
            Files = files,
        };
    }

    /// <summary>What the text speaks of, in its own words: its points, else its headings, else its subject.</summary>
    public IReadOnlyList<string> Topics => Points.Count > 0 ? Points : Headings.Count > 1 ? Headings : [Subject];

    public static string Shorten(string text, int length) => text.Length <= length ? text : text[..(length - 1)].TrimEnd() + "…";

    private static string Plain(string line) => Shorten(Emphasis().Replace(Marks().Replace(line, ""), "$1").Trim().Trim('*', '`').Trim(), 200);

    [GeneratedRegex(@"^#{1,6}\s+\S", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*(?:[-*+]|\d{1,3}[.)])\s+\S", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Point();

    [GeneratedRegex(@"\*\*([^*]+)\*\*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Emphasis();

    [GeneratedRegex(@"^\s*(?:#{1,6}|[-*+>]|\d{1,3}[.)]|```\w*)(?:\s+|$)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Marks();
}
