using System.Text.RegularExpressions;

namespace Troupe.Architecture.Tests;

public sealed partial class AcceptanceTests
{
    /// <summary>Where the suite judges a server elsewhere, such a test would judge another one, and pass for it.</summary>
    [Fact]
    public void TestsOfAServerOfTheirOwn_AreSkippedWhereAnotherIsJudged() =>
        Offences.None(
            from file in Repository.FilesWith(".cs")
            where file.StartsWith("tests/Troupe.Acceptance/", StringComparison.Ordinal)
            let text = Repository.Read(file)
            where StartsAServer().IsMatch(text) && PlainTest().IsMatch(text)
            select $"{file} starts a server of its own, but holds [Fact] or [Theory]: make it [EmbeddedFact], or part the file.");

    [GeneratedRegex(@"\b(ServerProcess|Crew)\.StartAsync\(", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StartsAServer();

    [GeneratedRegex(@"\[(Fact|Theory)\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainTest();
}
