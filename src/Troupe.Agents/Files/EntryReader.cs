using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Troupe.Core;
using Troupe.Core.Definitions;

namespace Troupe.Agents.Files;

/// <summary>Takes typed values out of a front matter and gathers what is wrong with them. What nobody took is left over.</summary>
internal sealed class EntryReader
{
    private readonly Dictionary<string, FrontMatterEntry> entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly string? file;

    public EntryReader(IEnumerable<FrontMatterEntry> read, string? file)
    {
        this.file = file;
        foreach (var entry in read)
            entries[entry.Key] = entry;
    }

    public List<Problem> Problems { get; } = [];

    public IReadOnlyDictionary<string, JsonElement> LeftOver() =>
        entries.Values.ToDictionary(entry => entry.Key, entry => JsonSerializer.SerializeToElement(entry.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>Any scalar as text; null where it is missing or empty.</summary>
    public string? Text(string key, bool lenient = false)
    {
        var entry = Take(key);
        if (entry?.Value is null)
            return null;
        if (entry.Value is JsonArray or JsonObject || (!lenient && entry.Error is not null && OpensCollection(entry.Value)))
            return Wrong<string?>(entry, "text");
        var text = entry.Value.GetValueKind() == JsonValueKind.String ? entry.Value.GetValue<string>() : entry.Value.ToJsonString();
        return text.Trim() is { Length: > 0 } trimmed ? trimmed : null;
    }

    /// <summary>A list, comma-separated text, or a mapping of names to true and false.</summary>
    public IReadOnlyList<string> Names(string key)
    {
        var entry = Take(key);
        if (entry?.Error is not null && OpensCollection(entry.Value))
            return Wrong<IReadOnlyList<string>>(entry, "a list or comma-separated text") ?? [];
        return entry?.Value switch
        {
            null => [],
            JsonArray array => [.. array.Select(Scalar).OfType<string>()],
            JsonObject map => [.. map.Where(item => item.Value is JsonValue value && value.GetValueKind() == JsonValueKind.True).Select(item => item.Key)],
            var single => CommaText.Split(Scalar(single) ?? ""),
        };
    }

    /// <summary>A word of an enum; other words are left over, since other tools use the same keys with words of their own.</summary>
    public T? Word<T>(string key)
        where T : struct, Enum
    {
        if (entries.GetValueOrDefault(key)?.Value is not JsonValue value || !Enum.TryParse<T>(Scalar(value), ignoreCase: true, out var word) || !Enum.IsDefined(word))
            return null;
        entries.Remove(key);
        return word;
    }

    public double? Number(string key, double min, double max)
    {
        var entry = Take(key);
        if (entry?.Value is null)
            return null;
        var ok = double.TryParse(Scalar(entry.Value), CultureInfo.InvariantCulture, out var number) && number >= min && number <= max;
        return ok ? number : Wrong<double?>(entry, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"));
    }

    public TimeSpan? Time(string key)
    {
        var entry = Take(key);
        if (entry?.Value is null)
            return null;
        return Duration.TryParse(Scalar(entry.Value), out var time) && time > TimeSpan.Zero
            ? time
            : Wrong<TimeSpan?>(entry, "a duration such as 90s, 15m or 2h");
    }

    /// <summary>A program and its arguments: a list, or text cut at blanks outside quotes (no shell reads it).</summary>
    public IReadOnlyList<string>? Command(string key)
    {
        var entry = Take(key);
        if (entry?.Value is null)
            return null;
        var words = entry.Value is JsonArray array ? [.. array.Select(Scalar).OfType<string>()] : CommaText.Words(Scalar(entry.Value) ?? "");
        return words is [{ Length: > 0 }, ..] ? words : Wrong<IReadOnlyList<string>?>(entry, "a program and its arguments");
    }

    /// <summary>A mapping, or JSON text of one.</summary>
    public JsonElement? Object(string key)
    {
        var entry = Take(key);
        if (entry?.Value is null)
            return null;
        try
        {
            var node = entry.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String ? JsonNode.Parse(value.GetValue<string>()) : entry.Value;
            return node is JsonObject ? JsonSerializer.SerializeToElement(node) : Wrong<JsonElement?>(entry, "a mapping");
        }
        catch (JsonException)
        {
            return Wrong<JsonElement?>(entry, "a mapping");
        }
    }

    private FrontMatterEntry? Take(string key) => entries.Remove(key, out var entry) ? entry : null;

    private T? Wrong<T>(FrontMatterEntry entry, string expected)
    {
        var found = entry.Value?.ToJsonString() ?? "nothing";
        var why = entry.Error is null ? "" : $" ({entry.Error})";
        Problems.Add(new Problem(
            $"'{entry.Key}' must be {expected}, but is {(found.Length > 80 ? found[..80] + "…" : found)}{why}.", "/" + entry.Key, file, entry.Line, 1));
        return default;
    }

    private static bool OpensCollection(JsonNode? value) => Scalar(value) is ['[' or '{', ..];

    private static string? Scalar(JsonNode? node) => node switch
    {
        null or JsonArray or JsonObject => null,
        _ when node.GetValueKind() == JsonValueKind.String => node.GetValue<string>().Trim(),
        _ => node.ToJsonString(),
    };
}
