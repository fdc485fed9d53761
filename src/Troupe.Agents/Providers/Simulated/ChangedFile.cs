using System.Globalization;
using System.Text.RegularExpressions;

namespace Troupe.Agents.Providers.Simulated;

/// <summary>A file of a unified diff.</summary>
/// <param name="Added">The lines added, with their numbers in the new file.</param>
internal sealed partial record ChangedFile(string Path, IReadOnlyList<(int Line, string Text)> Added, int Removed)
{
    private const int MaxFiles = 200;

    public static IReadOnlyList<ChangedFile> ReadDiff(IReadOnlyList<string> lines)
    {
        var files = new List<ChangedFile>();
        List<(int, string)>? added = null;
        var (path, removed, number) = ("", 0, 0);

        void Close()
        {
            if (added is not null && files.Count < MaxFiles)
                files.Add(new(path, added, removed));
        }

        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.StartsWith("--- ", StringComparison.Ordinal) && i + 1 < lines.Count && lines[i + 1].StartsWith("+++ ", StringComparison.Ordinal))
            {
                Close();
                path = PathOf(lines[i + 1]) is "/dev/null" ? PathOf(line) : PathOf(lines[i + 1]);
                (added, removed, number) = ([], 0, 0);
                i++;
            }
            else if (added is null)
            {
                continue;
            }
            else if (Hunk().Match(line) is { Success: true } hunk)
            {
                number = int.Parse(hunk.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith('+'))
            {
                added.Add((number++, line[1..]));
            }
            else if (line.StartsWith('-'))
            {
                removed++;
            }
            else if (line.StartsWith(' '))
            {
                number++;
            }
        }

        Close();
        return files;
    }

    private static string PathOf(string line)
    {
        var path = line[4..].Split('\t')[0].Trim();
        return path is ['a' or 'b', '/', .. var rest] ? rest : path;
    }

    [GeneratedRegex(@"^@@ -\d+(?:,\d+)? \+(\d{1,9})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hunk();
}
