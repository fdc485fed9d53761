using System.Text.Json;

namespace Troupe.Core.Definitions.Reading;

internal static class Words
{
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

/// <summary>An enum's members as definitions spell them: snake_case.</summary>
internal static class Words<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<string, TEnum> ByWord = Enum.GetValues<TEnum>()
        .ToDictionary(Words.Of, StringComparer.Ordinal);

    public static IEnumerable<string> All => ByWord.Keys;

    public static bool TryParse(string word, out TEnum value) => ByWord.TryGetValue(word, out value);
}
