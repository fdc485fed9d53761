using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace Troupe.Agents.Files;

/// <summary>One entry of a front matter.</summary>
/// <param name="Line">In the file, from 1.</param>
/// <param name="Error">Why the value could not be read as YAML and is therefore its bare text; null where it is as written.</param>
internal sealed record FrontMatterEntry(string Key, JsonNode? Value, int Line, string? Error = null);

/// <summary>
/// Reads front matter as YAML and, where that fails, line by line: public agent files are full of unquoted colons and other text that
/// is no YAML, and their own tools read them all the same.
/// </summary>
internal static partial class FrontMatter
{
    /// <summary>The entries; null where no line of the text names a key, so that it is no front matter at all.</summary>
    /// <param name="firstLine">The line of the file that the text begins at, from 1.</param>
    public static IReadOnlyList<FrontMatterEntry>? Read(string text, int firstLine)
    {
        try
        {
            return [.. YamlJson.ReadMapping(text).Select(entry => new FrontMatterEntry(entry.Key, entry.Value, firstLine + entry.Line - 1))];
        }
        catch (Exception e) when (IsSyntax(e))
        {
            var entries = Blocks(text).Select(block => ReadBlock(block.Key, block.Text, block.Line, firstLine)).ToList();
            return entries.Count == 0 ? null : entries;
        }
    }

    /// <summary>Whether its first line that is not blank names a key.</summary>
    public static bool BeginsWithKey(string text) => KeyLine().IsMatch(text.TrimStart());

    // YamlDotNet lets a few scanner errors through as these.
    private static bool IsSyntax(Exception e) => e is YamlException or ArgumentException or InvalidOperationException or FormatException;

    private static FrontMatterEntry ReadBlock(string key, string text, int line, int firstLine)
    {
        try
        {
            if (YamlJson.ReadMapping(text) is [var only])
                return new(key, only.Value, firstLine + line);
            return new(key, Bare(text), firstLine + line);
        }
        catch (Exception e) when (IsSyntax(e))
        {
            var inner = e is YamlException { Start.Line: > 0 } yaml ? Math.Min((int)yaml.Start.Line - 1, text.TrimEnd().Count(c => c == '\n')) : 0;
            return new(key, Bare(text), firstLine + line + inner, e.Message);
        }
    }

    private static IEnumerable<(string Key, string Text, int Line)> Blocks(string text)
    {
        var lines = text.Split('\n');
        var start = -1;
        var inExample = false;
        for (var i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && !(!inExample && KeyLine().IsMatch(lines[i])))
            {
                inExample = InExample(lines[i], inExample);
                continue;
            }

            if (start >= 0)
                yield return (KeyLine().Match(lines[start]).Groups[1].Value, string.Join('\n', lines[start..i]), start);
            start = i;
            inExample = i < lines.Length && InExample(lines[i], before: false);
        }
    }

    // Dialogue such as "user: …" stands at the start of lines inside the examples of a description.
    private static bool InExample(string line, bool before)
    {
        var open = line.LastIndexOf("<example>", StringComparison.OrdinalIgnoreCase);
        var close = line.LastIndexOf("</example>", StringComparison.OrdinalIgnoreCase);
        return open == close ? before : open > close;
    }

    private static JsonValue Bare(string block)
    {
        var value = block[(block.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        if (value is ['|' or '>', .., _] && value.IndexOf('\n', StringComparison.Ordinal) is > 0 and < 4 and var end)
            value = value[(end + 1)..].Trim();
        if (value is ['"', .., '"'] or ['\'', .., '\''] && value.Length > 1)
            value = value[1..^1];
        return JsonValue.Create(string.Join('\n', value.Split('\n').Select(line => line.Trim())));
    }

    [GeneratedRegex(@"^([A-Za-z_][A-Za-z0-9_-]{0,63})[ \t]*:(?:[ \t]|$)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyLine();
}
