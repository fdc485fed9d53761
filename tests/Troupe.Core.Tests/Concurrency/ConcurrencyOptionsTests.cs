using Troupe.Core.Concurrency;

namespace Troupe.Core.Tests.Concurrency;

public sealed class ConcurrencyOptionsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void Validate_OutOfRange_NamesKeyValueAndRemedy(int limit)
    {
        var result = new ConcurrencyOptionsValidator().Validate(null, new ConcurrencyOptions { Agents = limit, WebhooksPerReceiver = limit });

        Assert.Equal(
            [
                $"Troupe:Concurrency:Agents is {limit}, but must be 1 to 10000; leave it out for the host's default.",
                $"Troupe:Concurrency:WebhooksPerReceiver is {limit}, but must be 1 to 10000; leave it out for the host's default.",
            ],
            result.Failures);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(10_000)]
    public void Validate_InRangeOrNone_Succeeds(int? limit) =>
        Assert.True(new ConcurrencyOptionsValidator().Validate(null, new ConcurrencyOptions { Agents = limit }).Succeeded);
}
