using Troupe.Agents.Pricing;
using Troupe.Core.Records;

namespace Troupe.Agents.Tests.Pricing;

public sealed class PriceTableTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly PriceTable shipped = PriceTable.Load(file: null);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Cost_IsByMillionTokens() =>
        Assert.Equal(new Usage(1_000_000, 100_000, 3.0m), shipped.Cost(1_000_000, 100_000, "claude-sonnet-5-5", null));

    [Theory]
    [InlineData("gpt-4o-2024-08-06", "gpt-4o")]
    [InlineData("claude-sonnet-4-5-20250929", "claude-sonnet-4-5")]
    [InlineData("gemini-3.1-pro-preview", "gemini-3.1-pro")]
    [InlineData("GPT-5.5", "gpt-5.5")]
    public void Cost_DatedName_HasThePriceOfItsModel(string model, string priced) =>
        Assert.Equal(shipped.Cost(1000, 1000, priced, null), shipped.Cost(1000, 1000, model, null));

    [Theory]
    [InlineData("gpt-5.5-nano")]
    [InlineData("claude-opus-5-9")]
    [InlineData("llama-3")]
    [InlineData("")]
    [InlineData(null)]
    public void Cost_UnknownModel_IsUnknown(string? model) => Assert.Equal(new Usage(10, 20), shipped.Cost(10, 20, model, null));

    [Fact]
    public void Cost_AliasAskedFor_IsPricedByTheModelThatAnswered() =>
        Assert.NotNull(shipped.Cost(10, 20, "my-deployment", "gpt-4o-2024-08-06").CostUsd);

    [Theory]
    [InlineData("prices.yaml", "my-deployment: {input: 1.5, output: 3}\ngpt-4o: {input: 9, output: 9}\n")]
    [InlineData("prices.json", """{"my-deployment": {"input": 1.5, "output": 3}, "gpt-4o": {"input": 9, "output": 9}}""")]
    public void Load_OwnFile_StandsOverTheShippedOne(string name, string text)
    {
        var table = PriceTable.Load(folder.Write(name, text));

        Assert.Equal(4.5m, table.Cost(1_000_000, 1_000_000, "my-deployment", null).CostUsd);
        Assert.Equal(18m, table.Cost(1_000_000, 1_000_000, "gpt-4o", null).CostUsd);
        Assert.NotNull(table.Cost(1, 1, "gpt-5.5", null).CostUsd);
    }

    [Theory]
    [InlineData("a: {input: 1}", ":1: the price of 'a'")]
    [InlineData("a: 5", ":1: the price of 'a'")]
    [InlineData("x: {input: 1, output: 1}\na: {input: 1, output: 2, cached: 3}", ":2: the price of 'a'")]
    [InlineData("a: {input", "p.yaml:")]
    [InlineData("- a", "mapping")]
    public void Load_WrongFile_NamesTheLine(string text, string says) =>
        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => PriceTable.Load(folder.Write("p.yaml", text))).Message, StringComparison.Ordinal);
}
