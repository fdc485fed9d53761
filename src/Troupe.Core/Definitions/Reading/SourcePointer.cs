using System.Globalization;
using Troupe.Core.Json;

namespace Troupe.Core.Definitions.Reading;

/// <summary>Follows pointers into a definition as it was written.</summary>
internal static class SourcePointer
{
    /// <summary>The node there, or the nearest that exists around it.</summary>
    public static SourceNode Resolve(SourceNode root, string pointer)
    {
        var node = root;
        foreach (var key in JsonPointer.Steps(pointer))
        {
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
