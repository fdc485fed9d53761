using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Troupe.Core.Runs;

/// <summary>The ids of runs and of what belongs to them. A task's id is also its orchestration's: <c>{run}:{key}</c>.</summary>
public static partial class RunIds
{
    private const int MaxInstanceId = 200;

    /// <summary>A new id that sorts by time.</summary>
    public static string New(DateTimeOffset now) => Guid.CreateVersion7(now).ToString("N");

    /// <summary>Whether a caller may give that id: 1 to 64 letters, digits, <c>_</c>, <c>.</c>, <c>-</c>, not dots alone.</summary>
    public static bool IsValid(string id) => Valid().IsMatch(id) && id.AsSpan().ContainsAnyExcept('.');

    public static string Child(string runId, string key)
    {
        var id = $"{runId}:{key}";
        return id.Length <= MaxInstanceId ? id : $"{id[..(MaxInstanceId - 17)]}~{ShortHash(key)}";
    }

    public static string ItemKey(string node, int index) => string.Create(CultureInfo.InvariantCulture, $"{node}.{index}");

    /// <summary>The run that a task or gate belongs to; null where the id is of neither.</summary>
    public static string? RunOf(string childId)
    {
        var colon = childId.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? childId[..colon] : null;
    }

    private static string ShortHash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Valid();
}
