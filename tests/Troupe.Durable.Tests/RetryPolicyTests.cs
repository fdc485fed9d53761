namespace Troupe.Durable.Tests;

public sealed class RetryPolicyTests
{
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0.5)]
    public void Create_OutOfRange_IsRefused(int attempts, int seconds, double coefficient) =>
        Assert.ThrowsAny<ArgumentException>(() => new RetryPolicy(attempts, TimeSpan.FromSeconds(seconds), coefficient));
}
