using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Core.Runs;

namespace Troupe.Core.Tests.Runs;

public sealed class RetryDelayTests
{
    private static readonly Failure Transient = new(FailureKinds.ProviderError, "x", Retryable: true);

    [Theory]
    [InlineData(RetryBackoff.Exponential, 1, 1)]
    [InlineData(RetryBackoff.Exponential, 2, 2)]
    [InlineData(RetryBackoff.Exponential, 4, 8)]
    [InlineData(RetryBackoff.Linear, 4, 4)]
    [InlineData(RetryBackoff.Fixed, 4, 1)]
    public void After_EachBackoff_StaysWithinTwentyPercent(RetryBackoff backoff, int attempt, double seconds)
    {
        for (var task = 0; task < 200; task++)
        {
            var delay = RetryDelay.After(backoff, attempt, $"run:{task}", Transient).TotalSeconds;
            Assert.InRange(delay, seconds * 0.8, seconds * 1.2);
        }
    }

    [Fact]
    public void After_ManyTasks_SpreadsThem()
    {
        var delays = Enumerable.Range(0, 200).Select(task => RetryDelay.After(RetryBackoff.Fixed, 1, $"run:{task}", Transient)).ToHashSet();
        Assert.True(delays.Count > 150);
        Assert.True(delays.Max() - delays.Min() > TimeSpan.FromSeconds(0.3));
    }

    [Fact]
    public void After_SameTaskAndAttempt_IsTheSame() =>
        Assert.Equal(RetryDelay.After(RetryBackoff.Exponential, 3, "a:b", Transient), RetryDelay.After(RetryBackoff.Exponential, 3, "a:b", Transient));

    [Fact]
    public void After_TwentyFailures_IsAtMostFiveMinutes() =>
        Assert.Equal(RetryDelay.Max, RetryDelay.After(RetryBackoff.Exponential, 20, "a:b", Transient));

    [Fact]
    public void After_RetryAfterIsLonger_IsHonoured() =>
        Assert.Equal(TimeSpan.FromMinutes(7), RetryDelay.After(RetryBackoff.Fixed, 1, "a:b", Transient with { RetryAfter = TimeSpan.FromMinutes(7) }));

    [Fact]
    public void After_RetryAfterIsShorter_KeepsTheBackoff() =>
        Assert.True(RetryDelay.After(RetryBackoff.Exponential, 5, "a:b", Transient with { RetryAfter = TimeSpan.FromSeconds(1) }) > TimeSpan.FromSeconds(10));
}
