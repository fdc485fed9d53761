using Troupe.Core.Notifications;

namespace Troupe.Core.Tests.Notifications;

public sealed class QuietHoursTests
{
    [Theory]
    [InlineData("22:00", "07:00", "2030-01-10T21:30:00Z", "2030-01-11T06:00:00Z")]
    [InlineData("22:00", "07:00", "2030-01-10T05:59:59Z", "2030-01-10T06:00:00Z")]
    [InlineData("22:00", "07:00", "2030-01-10T06:00:00Z", "2030-01-10T06:00:00Z")]
    [InlineData("22:00", "07:00", "2030-01-10T12:00:00Z", "2030-01-10T12:00:00Z")]
    [InlineData("12:00", "14:00", "2030-01-10T11:30:00Z", "2030-01-10T13:00:00Z")]
    [InlineData("00:00", "02:30", "2030-03-31T00:30:00Z", "2030-03-31T01:30:00Z")]
    [InlineData("22:00", "02:30", "2030-10-26T22:00:00Z", "2030-10-27T01:30:00Z")]
    public void Next_Time_IsTheEndOfTheQuietHours(string from, string until, string time, string expected) =>
        Assert.Equal(Time(expected), new QuietHours(Clock(from), Clock(until), "Europe/Berlin").Next(Time(time)));

    [Fact]
    public void Next_UnknownZone_IsUtc() =>
        Assert.Equal(Time("2030-01-10T07:00:00Z"), new QuietHours(Clock("22:00"), Clock("07:00"), "Mars/Olympus").Next(Time("2030-01-10T06:00:00Z")));

    private static TimeOnly Clock(string text) => TimeOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
