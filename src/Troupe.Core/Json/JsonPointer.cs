using System.Globalization;
using System.Text.Json;

namespace Troupe.Core.Json;

/// <summary>Pointers to places in JSON (RFC 6901).</summary>
public static class JsonPointer
{
    public static string Append(string pointer, string key) =>
        $"{pointer}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public static string Append(string pointer, int index) => string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index}");

    /// <summary>The keys and indexes that lead there.</summary>
    public static IEnumerable<string> Steps(string pointer) => pointer.Split('/').Skip(1)
        .Select(static step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));

    /// <summary>What a schema's <c>$ref</c> leads to within the same document; null where it has none, or one that leads nowhere.</summary>
    public static JsonElement? FollowReference(JsonElement root, JsonElement schema)
    {
        if (!schema.TryGetProperty("$ref", out var reference) || reference.ValueKind != JsonValueKind.String || reference.GetString() is not ['#', .. var pointer])
            return null;
        var at = root;
        foreach (var step in Steps(pointer))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at))
                return null;
        }

        return at;
    }
}
