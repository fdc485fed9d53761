using System.Text.RegularExpressions;

namespace Troupe.Architecture.Tests;

public sealed partial class LinkTests
{
    [Fact]
    public void Links_InMarkdown_LeadSomewhere() =>
        Offences.None(
            from file in Repository.FilesWith(".md")
            where !file.Contains("/fixtures/", StringComparison.OrdinalIgnoreCase)
            from Match link in Link().Matches(Code().Replace(Repository.Read(file), ""))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
            let path = Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, target))
            where !Path.Exists(path)
            select $"{file} links to {target}, which is not there.");

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Code();
}
