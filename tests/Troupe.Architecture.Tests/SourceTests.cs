using System.Text.RegularExpressions;

namespace Troupe.Architecture.Tests;

public sealed partial class SourceTests
{
    private const int LongestFile = 400;

    /// <summary>Split, so that this file itself stays clean of them.</summary>
    private static readonly (string Pattern, string Why)[] Banned =
    [
        ("NotImplemented" + "Exception", "what is there must work"),
        (@"\basync\s+" + @"void\b", "nobody can await it, and its exceptions end the process"),
        (@"(?m)^[^""+]*(//|/\*)\s*(TO" + "DO|FIX" + "ME|HA" + @"CK)\b", "finish it, or write an issue"),
        (@"catch\s*(\([^)]*\))?\s*\{\s*" + @"\}", "a swallowed exception hides a bug"),
        ("#pragma warning " + "disable", "switch the rule off in .editorconfig for everyone, or obey it"),
        (@"\[Fact\(Skip" + @"\b|\[Theory\(Skip\b", "a skipped test proves nothing"),
    ];

    [Fact]
    public void Code_HoldsNothingBanned() =>
        Offences.None(
            from file in Repository.FilesWith(".cs")
            let text = Repository.Read(file)
            from rule in Banned
            where Regex.IsMatch(text, rule.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5))
            select $"{file} matches /{rule.Pattern}/: {rule.Why}.");

    [Fact]
    public void Code_IsShortEnoughToRead() =>
        Offences.None(
            from file in Repository.FilesWith(".cs", ".ts", ".tsx")
            let lines = Repository.Read(file).Count(character => character == '\n')
            where lines > LongestFile
            orderby lines descending
            select $"{file} has {lines} lines; the limit is {LongestFile}. Split it by idea.");

    [Fact]
    public void Code_LivesInTheNamespaceOfItsFolder() =>
        Offences.None(
            from project in Repository.Projects
            from file in Repository.FilesWith(".cs")
            where file.StartsWith(project.Folder + "/", StringComparison.Ordinal)
            let declared = Declaration().Match(Repository.Read(file))
            where declared.Success && declared.Groups[1].Value != NamespaceOf(project, file) && !IsClientFace(project, declared.Groups[1].Value)
            select $"{file} declares {declared.Groups[1].Value} instead of {NamespaceOf(project, file)}.");

    /// <summary>The client shows its users one namespace; everywhere else the folder is the namespace.</summary>
    private static bool IsClientFace(ProjectFile project, string declared) => project.Name == "Troupe.Client" && declared == project.Name;

    private static string NamespaceOf(ProjectFile project, string file)
    {
        var folder = Path.GetDirectoryName(Path.GetRelativePath(project.Folder, file))!.Replace('\\', '/');
        return folder.Length == 0 ? project.Name : $"{project.Name}.{folder.Replace('/', '.')}";
    }

    [GeneratedRegex(@"^namespace\s+([\w.]+);", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Declaration();
}
