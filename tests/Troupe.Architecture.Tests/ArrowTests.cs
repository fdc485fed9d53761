namespace Troupe.Architecture.Tests;

public sealed class ArrowTests
{
    /// <summary>What each project may reference. An arrow that is not here is a design decision: it needs an ADR first.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Troupe.Durable"] = [],
        ["Troupe.Core"] = ["Troupe.Durable"],
        ["Troupe.Agents"] = ["Troupe.Core"],
        ["Troupe.Sqlite"] = [],
        ["Troupe.Engine"] = ["Troupe.Durable", "Troupe.Sqlite"],
        ["Troupe.Storage"] = ["Troupe.Core", "Troupe.Sqlite"],
        ["Troupe.Integrations"] = ["Troupe.Core"],
        ["Troupe.Client"] = [],
        ["Troupe.Web"] = ["Troupe.Core"],
        ["Troupe.Cli"] =
        [
            "Troupe.Agents", "Troupe.Client", "Troupe.Core", "Troupe.Durable", "Troupe.Engine", "Troupe.Integrations", "Troupe.Sqlite",
            "Troupe.Storage", "Troupe.Web",
        ],
        ["Troupe.Functions"] = ["Troupe.Core", "Troupe.Agents", "Troupe.Integrations", "Troupe.Web"],
    };

    public static TheoryData<string> Sources => [.. Repository.Projects.Where(project => project.IsSource).Select(project => project.Name)];

    public static TheoryData<string> Others => [.. Repository.Projects.Where(project => !project.IsSource).Select(project => project.Name)];

    [Fact]
    public void Sources_AreTheHouse_AndNothingElse() =>
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Repository.Projects.Where(project => project.IsSource).Select(project => project.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Sources))]
    public void References_OfASource_AreAllowedArrows(string name) =>
        Offences.None(Find(name).Projects.Except(Allowed[name]));

    [Theory]
    [MemberData(nameof(Others))]
    public void References_OfTestsAndBenches_NeverReachTheAzureHost(string name) =>
        Assert.True(name == "Troupe.Functions.Tests" || !Find(name).Projects.Contains("Troupe.Functions"));

    [Fact]
    public void Acceptance_KnowsNothingButHttp() =>
        Offences.None(Find("Troupe.Acceptance").Projects);

    [Fact]
    public void Architecture_ReferencesNoProject() =>
        Offences.None(Find("Troupe.Architecture.Tests").Projects);

    [Theory]
    [MemberData(nameof(Sources))]
    public void Platform_IsKnownToItsHostAlone(string name)
    {
        var platform = Find(name).Packages.Where(package =>
            package.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal) ||
            package.StartsWith("Microsoft.DurableTask", StringComparison.Ordinal) ||
            package.StartsWith("Azure.Data.Tables", StringComparison.Ordinal) ||
            package.StartsWith("Azure.Storage", StringComparison.Ordinal));
        Assert.True(name == "Troupe.Functions" || !platform.Any(), $"{name} knows the platform: {string.Join(", ", platform)}.");
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void AspNetCore_IsKnownToTheWebAndTheHostsAlone(string name) =>
        Assert.True(name is "Troupe.Web" or "Troupe.Cli" or "Troupe.Functions" || Find(name).Frameworks.Count == 0);

    [Theory]
    [MemberData(nameof(Sources))]
    public void Source_HasAMirrorUnderTests(string name) =>
        Assert.True(
            name == "Troupe.Functions" || Repository.Projects.Any(project => project.Name == name + ".Tests"),
            $"There is no tests/{name}.Tests.");

    private static ProjectFile Find(string name) => Repository.Projects.Single(project => project.Name == name);
}
