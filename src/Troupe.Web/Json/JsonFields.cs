using System.Text.Json;
using Troupe.Core.Definitions;
using Troupe.Core.Json;
using Troupe.Core.Stores;

namespace Troupe.Web.Json;

/// <summary>
/// Reads the fields of one JSON object and notes every problem with its pointer. A field that is null counts as absent; fields that
/// nobody asked for are problems once <see cref="Close"/> is called.
/// </summary>
internal sealed class JsonFields(JsonElement element, string pointer, List<Problem> problems)
{
    /// <summary>Unknown fields are named until there are so many problems, so that no answer outgrows its request.</summary>
    private const int MaxProblems = 100;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public string? Text(string name) => Find(name, JsonValueKind.String)?.GetString();

    public string RequiredText(string name)
    {
        var text = Text(name);
        if (string.IsNullOrWhiteSpace(text) && !HasProblem(name))
            Report(name, "A text is required here.");
        return text ?? "";
    }

    /// <summary>A name of the enumeration in snake_case.</summary>
    public T? Word<T>(string name)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
            return null;
        if (EnumWords<T>.TryRead(text, out var value))
            return value;
        Report(name, $"Expected one of {string.Join(", ", EnumWords<T>.All)}; found '{Errors.ApiProblem.Shorten(text)}'.");
        return null;
    }

    /// <summary>A whole number within bounds.</summary>
    public int Number(string name, int fallback, int min, int max)
    {
        if (Find(name, JsonValueKind.Number) is not { } value)
            return fallback;
        if (value.TryGetInt32(out var number) && number >= min && number <= max)
            return number;
        Report(name, $"Expected a whole number from {min} to {max}; found {value.GetRawText()}.");
        return fallback;
    }

    public JsonElement? Value(string name) => Find(name);

    public JsonElement? Object(string name) => Find(name, JsonValueKind.Object);

    public T? Object<T>(string name, Func<JsonFields, T> bind)
        where T : class =>
        Object(name) is { } value ? Bind(value, JsonPointer.Append(pointer, name), bind) : null;

    /// <summary>A part that another reader reads, given its value (null where it is absent) and its pointer.</summary>
    public T Part<T>(string name, Func<JsonElement?, string, (T Value, IReadOnlyList<Problem> Problems)> read)
    {
        var (value, found) = read(Find(name), JsonPointer.Append(pointer, name));
        problems.AddRange(found);
        return value;
    }

    /// <summary>A list of objects, of which there may be as many as the limit says.</summary>
    public IReadOnlyList<T> Objects<T>(string name, int limit, Func<JsonFields, T> bind)
    {
        if (Find(name, JsonValueKind.Array) is not { } list)
            return [];
        if (list.GetArrayLength() > limit)
        {
            Report(name, $"At most {limit} are allowed; found {list.GetArrayLength()}.");
            return [];
        }

        var place = JsonPointer.Append(pointer, name);
        return [.. list.EnumerateArray().Select((item, index) => Bind(item, JsonPointer.Append(place, index), bind))];
    }

    /// <summary>A list of texts; null where it is absent.</summary>
    public IReadOnlyList<string>? TextList(string name)
    {
        if (Find(name, JsonValueKind.Array) is not { } list)
            return null;
        if (list.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String))
            return [.. list.EnumerateArray().Select(static item => item.GetString()!)];
        Report(name, "Expected a list of texts.");
        return [];
    }

    /// <summary>A map from names to texts.</summary>
    public IReadOnlyDictionary<string, string>? Texts(string name)
    {
        if (Object(name) is not { } map)
            return null;
        var place = JsonPointer.Append(pointer, name);
        var texts = new JsonFields(map, place, problems);
        return map.EnumerateObject().ToDictionary(entry => entry.Name, entry => texts.Text(entry.Name) ?? "", StringComparer.Ordinal);
    }

    public void Report(string name, string message) => problems.Add(new Problem(message, JsonPointer.Append(pointer, name)));

    /// <summary>Notes every field that was not asked for.</summary>
    public void Close()
    {
        if (element.ValueKind != JsonValueKind.Object)
            return;
        var left = Math.Max(0, MaxProblems - problems.Count);
        foreach (var property in element.EnumerateObject().Where(property => !_known.Contains(property.Name)).Take(left))
            Report(property.Name, $"Unknown field '{Errors.ApiProblem.Shorten(property.Name)}'; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
    }

    private T Bind<T>(JsonElement value, string place, Func<JsonFields, T> bind)
    {
        var fields = new JsonFields(value, place, problems);
        if (value.ValueKind != JsonValueKind.Object)
            problems.Add(new Problem($"Expected an object, found {NameOf(value.ValueKind)}.", place));
        var bound = bind(fields);
        fields.Close();
        return bound;
    }

    private JsonElement? Find(string name, JsonValueKind kind)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == kind)
            return value;
        Report(name, $"Expected {NameOf(kind)}, found {NameOf(value.ValueKind)}.");
        return null;
    }

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
    }

    private bool HasProblem(string name)
    {
        var place = JsonPointer.Append(pointer, name);
        return problems.Exists(problem => string.Equals(problem.Pointer, place, StringComparison.Ordinal));
    }

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => "nothing",
    };
}
