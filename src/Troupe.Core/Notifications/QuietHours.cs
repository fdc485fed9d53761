namespace Troupe.Core.Notifications;

/// <summary>A part of each day, over midnight where it ends before it begins.</summary>
/// <param name="TimeZone">An IANA name such as <c>Europe/Berlin</c>.</param>
public sealed record QuietHours(TimeOnly From, TimeOnly Until, string TimeZone)
{
    /// <summary>The time itself, or the end of the quiet hours that it lies in.</summary>
    public DateTimeOffset Next(DateTimeOffset time)
    {
        var zone = Zone(TimeZone);
        var local = TimeZoneInfo.ConvertTime(time, zone);
        var clock = TimeOnly.FromDateTime(local.DateTime);
        if (!clock.IsBetween(From, Until))
            return time;
        var day = DateOnly.FromDateTime(local.DateTime);
        return At(Until > clock ? day : day.AddDays(1), Until, zone);
    }

    /// <summary>The zone of that name, or null.</summary>
    public static TimeZoneInfo? Find(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>UTC where the machine no longer knows it: late is better than never.</summary>
    internal static TimeZoneInfo Zone(string? name) => (name is null ? null : Find(name)) ?? TimeZoneInfo.Utc;

    /// <summary>A time of a day. One that a clock change leaves out is taken as if the clocks had not changed; of one that comes twice, the second counts.</summary>
    internal static DateTimeOffset At(DateOnly day, TimeOnly clock, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(clock);
        if (zone.IsInvalidTime(local))
            return new DateTimeOffset(local, zone.GetUtcOffset(local.AddHours(-3)));
        return new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Min() : zone.GetUtcOffset(local));
    }
}
