using System.Globalization;

namespace Troupe.Durable;

/// <summary>Compares versions as dotted numbers (1.10 is newer than 1.9) where both are, and else ordinally.</summary>
public sealed class VersionComparer : IComparer<string>
{
    public static VersionComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (Numbers(x) is not { } one || Numbers(y) is not { } two) return string.CompareOrdinal(x, y);
        for (var i = 0; i < Math.Max(one.Length, two.Length); i++)
        {
            var order = one.ElementAtOrDefault(i).CompareTo(two.ElementAtOrDefault(i));
            if (order != 0) return order;
        }

        return 0;
    }

    private static long[]? Numbers(string? version)
    {
        var parts = (version ?? "").Split('.');
        var numbers = new long[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return null;
        }

        return numbers;
    }
}
