using Microsoft.Extensions.Options;

namespace Troupe.Agents.Tests;

public sealed class AgentsOptionsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Provider=opneai", "Troupe:Agents:Provider is 'opneai', but must be one of anthropic, openai,")]
    [InlineData("DefaultAgent= ", "Troupe:Agents:DefaultAgent is ' '")]
    [InlineData("CommandTimeout=00:00:00", "Troupe:Agents:CommandTimeout is '00:00:00'")]
    [InlineData("CommandOutputLimit=0", "Troupe:Agents:CommandOutputLimit is '0'")]
    [InlineData("Roots:0= ", "Troupe:Agents:Roots")]
    [InlineData("Providers:opneai:Model=x", "Troupe:Agents:Providers:opneai is 'opneai', but must be named as one of")]
    [InlineData("Providers:openai:Timeout=00:00:00", "Troupe:Agents:Providers:openai:Timeout")]
    [InlineData("Providers:openai:MaxOutputTokens=0", "Troupe:Agents:Providers:openai:MaxOutputTokens is '0'")]
    [InlineData("Providers:openai:Endpoint=ftp://x", "Troupe:Agents:Providers:openai:Endpoint is 'ftp://x/', but must be an absolute http or https address")]
    [InlineData("AZURE_OPENAI_ENDPOINT=not an address", "AZURE_OPENAI_ENDPOINT is 'not an address'")]
    [InlineData("PricesFile=/no/such/file", "Troupe:Agents:PricesFile: The price file /no/such/file can't be read")]
    public void WrongSetting_IsNamedWithItsValue(string setting, string says)
    {
        using var host = AgentsHost.Create(setting);

        var e = Assert.Throws<OptionsValidationException>(() => host.Get<IOptions<AgentsOptions>>().Value);

        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralWrongSettings_AreAllNamed()
    {
        using var host = AgentsHost.Create("CommandOutputLimit=0", "DefaultAgent= ");

        Assert.Equal(2, Assert.Throws<OptionsValidationException>(() => host.Get<IOptions<AgentsOptions>>().Value).Failures.Count());
    }

    [Fact]
    public void PricesFile_WrongLine_IsNamed()
    {
        using var host = AgentsHost.Create($"PricesFile={folder.Write("prices.yaml", "a: {input: 1, output: 2}\nb: {input: -1, output: 2}\n")}");

        Assert.Contains("prices.yaml:2: the price of 'b'", Assert.Throws<OptionsValidationException>(() => host.Get<IOptions<AgentsOptions>>().Value).Message, StringComparison.Ordinal);
    }
}
