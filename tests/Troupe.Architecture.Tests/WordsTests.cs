using System.Text.RegularExpressions;

namespace Troupe.Architecture.Tests;

/// <summary>The repository speaks of the product alone: not of the machines that it was built on, nor of who typed it.</summary>
public sealed class WordsTests
{
    /// <summary>Split, so that this file itself stays clean of them.</summary>
    private static readonly string[] Foreign =
    [
        @"(?<![\w.*-])/wo" + @"rk/", @"\.lib" + @"rary/", "/tmp/help" + "ers", "issues " + @"show\b", "Co-Authored" + "-By", "Generated " + "with", "artifact" + "ory",
    ];

    [Fact]
    public void Texts_SpeakOfTheProductAlone() =>
        Offences.None(
            from file in Repository.Files
            where IsText(file)
            let text = Repository.Read(file)
            from pattern in Foreign
            let match = Regex.Match(text, pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(10))
            where match.Success
            select $"{file} says '{match.Value}'");

    [Fact]
    public void Root_HoldsNoPlansAndNotes() =>
        Offences.None(Repository.Files.Where(file => !file.Contains('/', StringComparison.Ordinal)).Except(
        [
            ".editorconfig", ".gitattributes", ".gitignore", "BannedSymbols.txt", "azure.yaml", "CHANGELOG.md", "CONTRIBUTING.md", "Directory.Build.props",
            "Directory.Packages.props", "Functions.sln", "LICENSE", "NuGet.config", "README.md", "global.json", "host.json", "local.settings.sample.json",
        ]));

    private static bool IsText(string file) => Path.GetExtension(file) switch
    {
        ".png" or ".ico" or ".db" or ".woff2" => false,
        _ => !file.Contains("/fixtures/", StringComparison.Ordinal),
    };
}
