using System.Text.Json;

namespace Troupe.Core.Stores;

/// <summary>Enums as columns: the same words as in JSON, so that renumbering them harms nothing.</summary>
public static class EnumWords<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Words = Enum.GetValues<T>()
        .ToDictionary(static value => value, static value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static readonly Dictionary<string, T> Values = Words.ToDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.Ordinal);

    public static string Write(T value) => Words[value];

    public static T Read(string word) => Values[word];
}
