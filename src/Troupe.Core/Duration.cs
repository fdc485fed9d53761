using System.Globalization;
using System.Text.RegularExpressions;

namespace Troupe.Core;

/// <summary>Durations as people write them: <c>90s</c>, <c>500ms</c>, <c>2h</c>, <c>1h30m</c>, <c>3 days</c>, <c>2 weeks</c>, or bare seconds.</summary>
public static partial class Duration
{
    /// <summary>The longest duration accepted: 10 years.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(3650);

    /// <summary>Parses a non-negative duration of at most <see cref="Max"/>.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrWhiteSpace(text))
            return false;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var bare))
            return TryFromSeconds(bare, out duration);
        if (!Whole().IsMatch(text))
            return false;
        var seconds = 0d;
        foreach (Match part in Part().Matches(text))
            seconds += double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * SecondsOf(part.Groups[2].Value);
        return TryFromSeconds(seconds, out duration);
    }

    /// <summary>Whether that many seconds are a duration in range.</summary>
    public static bool TryFromSeconds(double seconds, out TimeSpan duration)
    {
        var ok = seconds >= 0 && seconds <= Max.TotalSeconds;
        duration = ok ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        return ok;
    }

    private static double SecondsOf(string unit) => unit.ToLowerInvariant() switch
    {
        "ms" => 0.001,
        ['s', ..] => 1,
        "m" or ['m', 'i', ..] => 60,
        ['h', ..] => 3600,
        ['d', ..] => 86400,
        _ => 604800,
    };

    private const string Pair = @"(\d+(?:\.\d+)?)\s*(ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?)";

    [GeneratedRegex(@"^\s*(?:" + Pair + @"\s*)+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(Pair, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();
}
