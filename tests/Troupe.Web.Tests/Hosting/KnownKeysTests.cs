using Microsoft.Extensions.Configuration;
using Troupe.Web.Hosting;

namespace Troupe.Web.Tests.Hosting;

public sealed class KnownKeysTests
{
    [Theory]
    [InlineData("Troupe:Agents:Provider")]
    [InlineData("troupe:agents:ROOTS:0")]
    [InlineData("Troupe:Agents:Providers:openai:Model")]
    [InlineData("Troupe:Agents:Providers:openai:Aliases:opus")]
    [InlineData("Other:Key")]
    public void Unknown_KnownKey_IsNotNamed(string key) => Assert.Empty(Unknown(key));

    [Theory]
    [InlineData("Troupe:Agnets:Provider", "Troupe:Agnets")]
    [InlineData("Troupe:Agents:Providr", "Troupe:Agents:Providr")]
    [InlineData("Troupe:Agents:Providers:openai:Modle", "Troupe:Agents:Providers:openai:Modle")]
    public void Unknown_MisspeltKey_IsNamedInFull(string key, string named) => Assert.Equal([named], Unknown(key));

    private static IReadOnlyList<string> Unknown(string key)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)"x")]).Build();
        return KnownKeys.Unknown(configuration, "Troupe", [new("Troupe:Agents", typeof(Options))]);
    }

    private sealed class Options
    {
        public string? Provider { get; set; }

        public IList<string> Roots { get; } = [];

        public IDictionary<string, Nested> Providers { get; } = new Dictionary<string, Nested>(StringComparer.Ordinal);
    }

    private sealed class Nested
    {
        public string? Model { get; set; }

        public IDictionary<string, string> Aliases { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
    }
}
