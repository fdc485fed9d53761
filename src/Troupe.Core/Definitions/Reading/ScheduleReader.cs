using System.Text.RegularExpressions;

namespace Troupe.Core.Definitions.Reading;

internal static partial class ScheduleReader
{
    public static ScheduleDefinition Read(MapReader map)
    {
        var schedule = new ScheduleDefinition(map.Required("cron", 200, "0 6 * * mon-fri"), map.Text("time_zone", 100) ?? "UTC");
        if (schedule.Cron.Length > 0 && !CronPattern().IsMatch(schedule.Cron))
            map.Log.Add($"\"cron\" must have 5 fields such as \"0 6 * * mon-fri\", or be a name such as @daily; found \"{schedule.Cron}\".", map.At("cron"));
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(schedule.TimeZone, out _))
            map.Log.Add($"There is no time zone \"{schedule.TimeZone}\"; use an IANA name such as Europe/Berlin or UTC.", map.At("time_zone"));
        map.RefuseOthers("schedule");
        return schedule;
    }

    /// <summary>The shape only; the scheduler reads the fields.</summary>
    [GeneratedRegex(@"^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|[0-9A-Za-z*/,?#-]+( +[0-9A-Za-z*/,?#-]+){4})\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CronPattern();
}
