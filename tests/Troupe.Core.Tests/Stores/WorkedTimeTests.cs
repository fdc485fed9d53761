using Troupe.Core.Stores;

namespace Troupe.Core.Tests.Stores;

public sealed class WorkedTimeTests
{
    [Theory]
    [InlineData(new[] { 4 }, 4)]
    [InlineData(new[] { 90, 1, 5 }, 5)]
    [InlineData(new[] { 8, 1, 2, 100 }, 5)]
    public void Median_OfSome_IsTheMiddle(int[] seconds, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), WorkedTime.Median(seconds.Select(static value => TimeSpan.FromSeconds(value))));

    [Fact]
    public void Median_OfNone_IsNull() => Assert.Null(WorkedTime.Median([]));
}
