using System.Text.Json;
using Troupe.Core.Json;

namespace Troupe.Core.Definitions;

/// <param name="Inputs">An object with every input of the workflow: given, default or null. Meaningful only where there is no problem.</param>
public sealed record InputResult(JsonElement Inputs, IReadOnlyList<Problem> Problems);

/// <summary>Compares given inputs with those a workflow defines, and fills in the defaults.</summary>
public static class InputBinder
{
    /// <summary>Every problem at once, with pointers such as <c>/inputs/topic</c>.</summary>
    public static InputResult Bind(WorkflowDefinition definition, JsonElement? given)
    {
        if (given is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined) })
            return new InputResult(JsonElement.Parse("{}"), [new Problem("Inputs must be a JSON object.", "/inputs")]);
        var values = ValuesOf(given);
        List<Problem> problems = [];
        foreach (var input in definition.Inputs)
            CheckInput(input, values, problems);
        foreach (var name in values.Keys.Where(name => definition.Inputs.All(input => input.Name != name)))
            problems.Add(new Problem(DescribeUnknown(definition, name), JsonPointer.Append("/inputs", name)));
        return new InputResult(Merge(definition, values), problems);
    }

    /// <summary>The inputs of a launch that gives none; required ones are null.</summary>
    internal static JsonElement Defaults(WorkflowDefinition definition) => Merge(definition, []);

    internal static bool TryGetDuration(JsonElement value, out TimeSpan duration)
    {
        duration = default;
        return value.ValueKind switch
        {
            JsonValueKind.String => Duration.TryParse(value.GetString(), out duration),
            JsonValueKind.Number => Duration.TryFromSeconds(value.GetDouble(), out duration),
            _ => false,
        };
    }

    /// <summary>What the value must be, where it is not of the type.</summary>
    internal static string? CheckType(InputType type, JsonElement value)
    {
        var fits = type switch
        {
            InputType.String => value.ValueKind == JsonValueKind.String,
            InputType.Number => value.ValueKind == JsonValueKind.Number,
            InputType.Integer => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            InputType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            InputType.Array => value.ValueKind == JsonValueKind.Array,
            InputType.Object => value.ValueKind == JsonValueKind.Object,
            _ => TryGetDuration(value, out _),
        };
        return fits ? null : $"{Name(type)}; found {Describe(value)}";
    }

    internal static string? Check(InputDefinition input, JsonElement value)
    {
        if (CheckType(input.Type, value) is { } wrong)
            return wrong;
        return input.Enum is not { } allowed || allowed.Any(one => JsonElement.DeepEquals(one, value))
            ? null
            : $"one of {string.Join(", ", allowed.Select(one => one.GetRawText()))}; found {Describe(value)}";
    }

    private static Dictionary<string, JsonElement> ValuesOf(JsonElement? given)
    {
        Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);
        if (given is not { ValueKind: JsonValueKind.Object } inputs)
            return values;
        foreach (var member in inputs.EnumerateObject())
            values[member.Name] = member.Value;
        return values;
    }

    private static void CheckInput(InputDefinition input, Dictionary<string, JsonElement> values, List<Problem> problems)
    {
        var place = JsonPointer.Append("/inputs", input.Name);
        if (!values.TryGetValue(input.Name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            if (input.Required)
                problems.Add(new Problem($"The input \"{input.Name}\" is missing{Hint(input)}.", place));
            return;
        }

        if (Check(input, value) is { } wrong)
            problems.Add(new Problem($"The input \"{input.Name}\" must be {wrong}.", place));
    }

    private static string Hint(InputDefinition input) =>
        input.Description is { } description ? $": {Name(input.Type)}, {description.Trim().TrimEnd('.')}" : $"; it must be {Name(input.Type)}";

    private static string DescribeUnknown(WorkflowDefinition definition, string name)
    {
        var names = definition.Inputs.Select(input => input.Name).ToList();
        var known = names.Count == 0 ? "It has none." : $"Inputs: {string.Join(", ", names)}.";
        return $"The workflow \"{definition.Name}\" has no input \"{name}\". {Suggestion.For(name, names)}{known}";
    }

    private static JsonElement Merge(WorkflowDefinition definition, Dictionary<string, JsonElement> values)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var input in definition.Inputs)
            {
                var given = values.TryGetValue(input.Name, out var value) && value.ValueKind != JsonValueKind.Null ? value : input.Default;
                writer.WritePropertyName(input.Name);
                if (given is { } chosen)
                    chosen.WriteTo(writer);
                else
                    writer.WriteNullValue();
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static string Name(InputType type) => type switch
    {
        InputType.String => "text",
        InputType.Number => "a number",
        InputType.Integer => "a whole number",
        InputType.Boolean => "true or false",
        InputType.Array => "a list",
        InputType.Object => "an object",
        _ => "a duration such as 2h, 1d or 2 weeks",
    };

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Null => "null",
        _ when value.GetRawText() is { Length: > 60 } text => $"{text.AsSpan(0, 60)}…",
        _ => value.GetRawText(),
    };
}
