using System.Globalization;

namespace Troupe.Core.Definitions.Reading;

/// <summary>JSON pointers (RFC 6901).</summary>
internal static class Pointer
{
    public static string Append(string pointer, string key) =>
        $"{pointer}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public static string Append(string pointer, int index) => string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index}");

    /// <summary>The node there, or the nearest that exists around it.</summary>
    public static SourceNode Resolve(SourceNode root, string pointer)
    {
        var node = root;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var key = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var next = node switch
            {
                MapNode map => map.Find(key)?.Value,
                ListNode list when int.TryParse(key, CultureInfo.InvariantCulture, out var i) && i >= 0 && i < list.Items.Count => list.Items[i],
                _ => null,
            };
            if (next is null)
                return node;
            node = next;
        }

        return node;
    }
}
