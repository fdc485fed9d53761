namespace Troupe.Core.Notifications.Channels;

/// <summary>The hour or the day that a digest sums up.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
public sealed record DigestWindow(DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>What was on its way at the window's end is stored by then: 30 s.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    /// <summary>The window that a time lies in.</summary>
    /// <param name="zone">Whose days count.</param>
    public static DigestWindow Of(DateTimeOffset time, DigestPeriod period, TimeZoneInfo zone)
    {
        if (period == DigestPeriod.Hourly)
        {
            var hour = new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
            return new DigestWindow(hour, hour.AddHours(1));
        }

        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime);
        return new DigestWindow(
            QuietHours.At(day, TimeOnly.MinValue, zone).ToUniversalTime(), QuietHours.At(day.AddDays(1), TimeOnly.MinValue, zone).ToUniversalTime());
    }
}
