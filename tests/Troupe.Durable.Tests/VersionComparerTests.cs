namespace Troupe.Durable.Tests;

public sealed class VersionComparerTests
{
    [Theory]
    [InlineData("1.10", "1.9", 1)]
    [InlineData("2", "1.9.9", 1)]
    [InlineData("1.0", "1", 0)]
    [InlineData("", "1", -1)]
    [InlineData("beta", "alpha", 1)]
    [InlineData("1.2-rc", "1.10", 1)]
    public void Compare_DottedNumbersElseOrdinally(string one, string two, int expected)
    {
        Assert.Equal(expected, Math.Sign(VersionComparer.Instance.Compare(one, two)));
        Assert.Equal(-expected, Math.Sign(VersionComparer.Instance.Compare(two, one)));
    }
}
