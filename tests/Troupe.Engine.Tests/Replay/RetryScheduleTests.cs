using Troupe.Durable;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Tests.Replay;

public sealed class RetryScheduleTests
{
    private static readonly DateTime Now = Script.Start;

    [Theory]
    [InlineData(1, 2.0)]
    [InlineData(2, 4.0)]
    [InlineData(3, 5.0)]
    [InlineData(4, null)]
    public void DelayAfter_GrowsToTheLongestAndEnds(int attempt, double? seconds)
    {
        var policy = new RetryPolicy(4, TimeSpan.FromSeconds(2), 2, TimeSpan.FromSeconds(5));

        Assert.Equal(seconds, RetrySchedule.DelayAfter(policy, attempt, Now, Now)?.TotalSeconds);
    }

    [Fact]
    public void DelayAfter_BeyondTheTimeout_IsNone()
    {
        var policy = new RetryPolicy(10, TimeSpan.FromSeconds(10), retryTimeout: TimeSpan.FromSeconds(15));

        Assert.NotNull(RetrySchedule.DelayAfter(policy, 1, Now, Now.AddSeconds(5)));
        Assert.Null(RetrySchedule.DelayAfter(policy, 1, Now, Now.AddSeconds(6)));
    }

    [Fact]
    public void DelayAfter_GrowthWithoutBound_DoesNotOverflow() =>
        Assert.Equal(TimeSpan.FromDays(365), RetrySchedule.DelayAfter(new RetryPolicy(5_000, TimeSpan.FromDays(1), 100), 4_000, Now, Now));
}
