using Troupe.Agents.Providers;

namespace Troupe.Agents.Tests.Providers;

public sealed class ModelNamesTests
{
    private static readonly ModelNames Names = new("standard", "strong", "everyday", "quick", ["gpt-"]);

    [Theory]
    [InlineData(null, "standard")]
    [InlineData("", "standard")]
    [InlineData("inherit", "standard")]
    [InlineData("Default", "standard")]
    [InlineData("opus", "strong")]
    [InlineData("Sonnet", "everyday")]
    [InlineData("haiku", "quick")]
    [InlineData("gpt-9", "gpt-9")]
    [InlineData("ft:gpt-9:me", "ft:gpt-9:me")]
    [InlineData("claude-opus-4-20250514", "strong")]
    [InlineData("claude-3-5-haiku-latest", "quick")]
    [InlineData("claude-instant-1", "standard")]
    [InlineData("gemini-2.5-flash", "quick")]
    public void Resolve_MapsAliasesAndOtherVendorsModels(string? asked, string expected) =>
        Assert.Equal(expected, Names.Resolve(asked, new ProviderOptions()));

    [Theory]
    [InlineData("opus", "my-opus")]
    [InlineData("claude-x", "my-x")]
    [InlineData("inherit", "my-model")]
    [InlineData("sonnet", "everyday")]
    public void Resolve_ConfigurationStandsAbove(string asked, string expected) =>
        Assert.Equal(expected, Names.Resolve(asked, new ProviderOptions { Model = "my-model", Aliases = { ["OPUS"] = "my-opus", ["claude-x"] = "my-x" } }));

    [Fact]
    public void Resolve_ProviderThatServesAny_TakesEveryNameAsItIs()
    {
        var any = new ModelNames(null, null, null, null, Family: null);

        Assert.Equal("claude-3", any.Resolve("claude-3", new ProviderOptions()));
        Assert.Null(any.Resolve("opus", new ProviderOptions()));
        Assert.Equal("llama", any.Resolve("opus", new ProviderOptions { Model = "llama" }));
    }
}
