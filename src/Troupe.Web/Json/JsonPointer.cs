using System.Globalization;

namespace Troupe.Web.Json;

/// <summary>RFC 6901.</summary>
internal static class JsonPointer
{
    public static string Append(string pointer, string key) =>
        $"{pointer}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public static string Append(string pointer, int index) => string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index}");
}
