using System.Globalization;
using Troupe.Core.Notifications;
using Troupe.Core.Stores;
using Troupe.Web.Errors;
using Troupe.Web.Json;

namespace Troupe.Web.Notifications;

/// <param name="Types">Every type with its channels.</param>
internal sealed record PreferenceBody(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Types, IReadOnlyDictionary<string, DigestPeriod> Digests, QuietHoursBody? QuietHours, Uri? WebhookUrl)
{
    public static PreferenceBody Of(NotificationPreferences preferences) => new(
        Enum.GetValues<NotificationType>().ToDictionary(EnumWords<NotificationType>.Write, preferences.ChannelsOf, StringComparer.Ordinal),
        preferences.Digests,
        preferences.QuietHours is { } quiet ? new QuietHoursBody(Clock(quiet.From), Clock(quiet.Until), quiet.TimeZone) : null,
        preferences.WebhookUrl);

    public static NotificationPreferences Bind(JsonFields fields) => new()
    {
        Types = fields.Object("types", TypesOf) ?? NotificationPreferences.Default.Types,
        Digests = fields.Object("digests", DigestsOf) ?? NotificationPreferences.Default.Digests,
        QuietHours = fields.Object("quiet_hours", QuietHoursOf),
        WebhookUrl = UrlOf(fields),
    };

    private static Dictionary<NotificationType, IReadOnlyList<string>> TypesOf(JsonFields fields)
    {
        var types = new Dictionary<NotificationType, IReadOnlyList<string>>();
        foreach (var type in Enum.GetValues<NotificationType>())
        {
            var name = EnumWords<NotificationType>.Write(type);
            if (fields.TextList(name) is not { } channels)
                continue;
            foreach (var channel in channels.Where(static channel => !ChannelNames.All.Contains(channel, StringComparer.Ordinal)))
                fields.Report(name, $"'{ApiProblem.Shorten(channel)}' is no channel; there are {string.Join(", ", ChannelNames.All)}. An empty list switches the type off.");
            types[type] = [.. channels.Distinct(StringComparer.Ordinal)];
        }

        return types;
    }

    private static Dictionary<string, DigestPeriod> DigestsOf(JsonFields fields)
    {
        var digests = new Dictionary<string, DigestPeriod>(StringComparer.Ordinal);
        foreach (var channel in ChannelNames.WithDigest)
        {
            if (fields.Word<DigestPeriod>(channel) is { } period)
                digests[channel] = period;
        }

        return digests;
    }

    private static Core.Notifications.QuietHours QuietHoursOf(JsonFields fields)
    {
        var zone = fields.RequiredText("time_zone");
        if (zone.Length > 0 && Core.Notifications.QuietHours.Find(zone) is null)
            fields.Report("time_zone", $"'{ApiProblem.Shorten(zone)}' is no time zone; give an IANA name such as Europe/Berlin.");
        var (from, until) = (ClockOf(fields, "from"), ClockOf(fields, "until"));
        if (from == until && from is not null)
            fields.Report("until", "Quiet hours must end at another time than they begin.");
        return new Core.Notifications.QuietHours(from ?? default, until ?? default, zone);
    }

    private static TimeOnly? ClockOf(JsonFields fields, string name)
    {
        var text = fields.RequiredText(name);
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock))
            return clock;
        if (text.Length > 0)
            fields.Report(name, $"Expected a time of day such as 22:00; found '{ApiProblem.Shorten(text)}'.");
        return null;
    }

    private static Uri? UrlOf(JsonFields fields)
    {
        if (fields.Text("webhook_url") is not { } text)
            return null;
        if (text.Length <= 2048 && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
            return url;
        fields.Report("webhook_url", "Expected an absolute http or https address without user name and password, of at most 2048 characters.");
        return null;
    }

    private static string Clock(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}

internal sealed record QuietHoursBody(string From, string Until, string TimeZone);
