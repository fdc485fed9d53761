using System.Globalization;
using System.Text;
using Troupe.Client;
using Troupe.Core;

namespace Troupe.Cli.Terminal;

/// <summary>Figures as people read them.</summary>
internal static class Words
{
    public static string Elapsed(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0}s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m{span.Seconds:00}s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Hours}h{span.Minutes:00}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays}d{span.Hours:00}h"),
    };

    public static string Usage(UsageInfo? usage)
    {
        if (usage is null || usage.InputTokens + usage.OutputTokens == 0)
            return "";
        var text = string.Create(CultureInfo.InvariantCulture, $"{usage.InputTokens + usage.OutputTokens:N0} tokens");
        return usage.CostUsd is { } cost ? text + string.Create(CultureInfo.InvariantCulture, $", ${cost:0.00##}") : text;
    }

    /// <summary><c>1 task</c>, <c>2 tasks</c>.</summary>
    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    public static string Status(WorkStatus status) => status.ToString().ToLowerInvariant();

    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>
    /// Text from models and definitions made fit for a terminal: no control characters except tabs and line ends, so that it cannot
    /// move the cursor, change the title or the clipboard.
    /// </summary>
    public static string Plain(string text)
    {
        if (!text.Any(IsHarmful))
            return text;
        var plain = new StringBuilder(text.Length);
        foreach (var character in text.Where(character => !IsHarmful(character)))
            plain.Append(character);
        return plain.ToString();
    }

    /// <summary>The same on one line, shortened.</summary>
    public static string Line(string text, int length = 120) => Plain(text).ReplaceLineEndings(" ").Trim().Shorten(length);

    private static bool IsHarmful(char character) => char.IsControl(character) && character is not ('\n' or '\r' or '\t');
}
