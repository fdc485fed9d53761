namespace Troupe.Core.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("500ms", 0.5)]
    [InlineData("2h", 7200)]
    [InlineData("1h30m", 5400)]
    [InlineData("1 h 30 min", 5400)]
    [InlineData("3 days", 259200)]
    [InlineData("2 weeks", 1209600)]
    [InlineData("1.5h", 5400)]
    [InlineData(" 45 ", 45)]
    [InlineData("0", 0)]
    [InlineData("2 Seconds", 2)]
    [InlineData("1m", 60)]
    public void TryParse_Duration_IsRead(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, 6);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-1s")]
    [InlineData("1 month")]
    [InlineData("h")]
    [InlineData("1h and a bit")]
    [InlineData("11 years")]
    [InlineData("4000 days")]
    [InlineData("1e9")]
    [InlineData("NaN")]
    public void TryParse_Other_IsRefused(string? text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData(-0.1, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    [InlineData(315360000, true)]
    [InlineData(315360001, false)]
    public void TryFromSeconds_Range_IsZeroToTenYears(double seconds, bool expected) =>
        Assert.Equal(expected, Duration.TryFromSeconds(seconds, out _));
}
