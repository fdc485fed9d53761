using System.Text.Json;

namespace Troupe.Core.Stores;

/// <summary>An enumeration's words in columns and to people: snake_case, the same as in JSON, so that renumbering them harms nothing.</summary>
public static class EnumWords<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Words = Enum.GetValues<T>()
        .ToDictionary(static value => value, static value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static readonly Dictionary<string, T> Values = Words.ToDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.Ordinal);

    /// <summary>In the order of definition.</summary>
    public static IReadOnlyCollection<string> All => Words.Values;

    public static string Write(T value) => Words[value];

    public static T Read(string word) => Values[word];

    public static bool TryRead(string word, out T value) => Values.TryGetValue(word, out value);
}
