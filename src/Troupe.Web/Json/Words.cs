using System.Collections.Frozen;
using System.Text.Json;

namespace Troupe.Web.Json;

/// <summary>The words for an enumeration's values on the wire: snake_case.</summary>
internal static class Words<T>
    where T : struct, Enum
{
    public static FrozenDictionary<string, T> ByName { get; } =
        Enum.GetValues<T>().ToFrozenDictionary(static value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);
}
