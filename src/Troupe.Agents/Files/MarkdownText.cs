namespace Troupe.Agents.Files;

/// <summary>A markdown text cut into front matter and body, line ends unified.</summary>
/// <param name="FrontMatter">Between the fences; null where there is none.</param>
/// <param name="FrontMatterLine">The line of its first line, from 1.</param>
/// <param name="Unclosed">The first line opens a front matter that nothing closes; the whole text is then the body.</param>
internal sealed record MarkdownText(string? FrontMatter, int FrontMatterLine, string Body, bool Unclosed)
{
    public static MarkdownText Split(string text)
    {
        var clean = text.TrimStart('\uFEFF').ReplaceLineEndings("\n");
        var lines = clean.Split('\n');
        var open = Array.FindIndex(lines, line => !string.IsNullOrWhiteSpace(line));
        if (open < 0 || !IsFence(lines[open]))
            return new(null, 1, clean.Trim(), Unclosed: false);
        var close = Array.FindIndex(lines, open + 1, IsFence);
        if (close < 0)
            return new(null, open + 1, clean.Trim(), Unclosed: true);
        return new(
            string.Join('\n', lines[(open + 1)..close]),
            open + 2,
            string.Join('\n', lines[(close + 1)..]).Trim(),
            Unclosed: false);
    }

    private static bool IsFence(string line) => line.AsSpan().TrimEnd() is "---";
}
