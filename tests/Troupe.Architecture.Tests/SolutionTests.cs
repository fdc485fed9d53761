using System.Text.RegularExpressions;

namespace Troupe.Architecture.Tests;

public sealed partial class SolutionTests
{
    [Fact]
    public void Solution_HoldsEveryProject()
    {
        var held = ProjectPath().Matches(File.ReadAllText(Repository.Solution)).Select(match => match.Groups[1].Value.Replace('\\', '/'));
        Assert.Equal(Repository.Projects.Select(project => project.File).Order(StringComparer.Ordinal), held.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Continuity_RunsTheReadmesTestCommand()
    {
        var commands = ShellBlock().Matches(Repository.Read("README.md")).Select(match => match.Groups[1].Value.Trim()).ToList();
        var test = Assert.Single(commands, command => command.StartsWith("dotnet test", StringComparison.Ordinal));
        Assert.DoesNotContain('\n', test);
        Assert.Contains(test, Repository.Read(".ci/run"), StringComparison.Ordinal);
    }

    [GeneratedRegex("\"([^\"]+\\.csproj)\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProjectPath();

    [GeneratedRegex("```(?:bash|sh)\n(.*?)```", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShellBlock();
}
