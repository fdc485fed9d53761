using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using HandlebarsDotNet;
using Troupe.Core.Definitions;

namespace Troupe.Core.Templates.Rendering;

/// <summary>Turns what a context holds into what templates and paths see: text, numbers, booleans, null, <see cref="ValueMap"/> and <see cref="ValueList"/>.</summary>
internal static class TemplateValue
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static object? From(object? value, RenderBudget budget) => value switch
    {
        JsonElement json => FromJson(json, budget),
        TaskValues task => ValueMap.Of(task, budget),
        IReadOnlyDictionary<string, object?> map and not ValueMap => new ValueMap(map, budget),
        _ => value,
    };

    /// <summary>A result: JSON where it is JSON, but shown as it was written.</summary>
    public static object? FromResult(string? text, RenderBudget budget) =>
        text is not null && JsonText.TryParse(text, out var json) ? FromJson(json, budget, text) : text;

    public static object? FromJson(JsonElement json, RenderBudget budget, string? text = null) => json.ValueKind switch
    {
        JsonValueKind.Object => new ValueMap(json, budget, text),
        JsonValueKind.Array => new ValueList(json, budget, text),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when json.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number when json.TryGetDecimal(out var exact) => exact,
        JsonValueKind.Number => json.GetDouble(),
        _ => null,
    };

    /// <summary>As it appears in rendered text.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static string Json(object? value) => value switch
    {
        ValueMap map => map.Json,
        ValueList list => list.Json,
        _ => JsonSerializer.Serialize(value, Compact),
    };

    public static bool IsTruthy(object? value) => value switch
    {
        null or UndefinedBindingResult or false or "" or 0 or 0L or 0m or 0d => false,
        ValueList list => list.Count > 0,
        _ => true,
    };

    public static bool AreEqual(object? a, object? b) =>
        (a is null || b is null) ? a is null && b is null
        : (IsNumber(a) || IsNumber(b)) && TryNumber(a, out var x) && TryNumber(b, out var y) ? x.Equals(y)
        : string.Equals(Text(a), Text(b), StringComparison.Ordinal);

    public static string Describe(object? value) => value switch
    {
        null => "nothing",
        string { Length: <= 60 } text => $"the text \"{text}\"",
        string text => $"text that is not JSON, \"{text.AsSpan(0, 60)}…\"",
        bool truth => Text(truth),
        ValueMap map => map.Keys.Any() ? $"an object with {string.Join(", ", map.Keys.Take(10))}" : "an empty object",
        ValueList list => $"a list of {list.Count}",
        _ => $"the number {Text(value)}",
    };

    public static string Missing(string name, ValueMap map) =>
        $"{Suggestion.For(name, map.Keys)}Found: {Describe(map)}.";

    private static bool IsNumber(object value) => value is int or long or decimal or double;

    private static bool TryNumber(object value, out double number) =>
        double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
