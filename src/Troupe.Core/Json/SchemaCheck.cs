using System.Globalization;
using System.Text.Json;

namespace Troupe.Core.Json;

/// <summary>
/// Checks a value against a JSON schema, in the part of the language that models are asked for: types, enum, const, properties, required,
/// additionalProperties false, items, bounds, anyOf, oneOf, allOf and references inside the schema. Other words are not checked.
/// </summary>
public sealed class SchemaCheck(JsonElement root)
{
    private const int MaxDepth = 64;
    private const int MaxSteps = 100_000;

    private int _steps;

    /// <summary>The first thing wrong, with its JSON pointer; null where the value is right.</summary>
    public SchemaProblem? Problem(JsonElement value) => Problem(value, root, "", 0);

    private SchemaProblem? Problem(JsonElement value, JsonElement schema, string at, int depth)
    {
        if (schema.ValueKind == JsonValueKind.False)
            return new SchemaProblem(at, "must not be there");
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
            return null;
        if (++_steps > MaxSteps)
            return new SchemaProblem(at, $"takes more than {MaxSteps} steps to check; make the schema refer to itself less");
        if (JsonPointer.FollowReference(root, schema) is { } target)
            return Problem(value, target, at, depth + 1);
        return TypeProblem(value, schema, at) ?? ChoiceProblem(value, schema, at) ?? BoundProblem(value, schema, at)
            ?? MembersProblem(value, schema, at, depth) ?? ItemsProblem(value, schema, at, depth) ?? CombinedProblem(value, schema, at, depth);
    }

    private static SchemaProblem? TypeProblem(JsonElement value, JsonElement schema, string at)
    {
        if (!schema.TryGetProperty("type", out var type))
            return null;
        var types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(item => item.ToString())] : (string[])[type.ToString()];
        return Array.Exists(types, name => IsOf(value, name)) ? null : new SchemaProblem(at, $"must be {string.Join(" or ", types)}, but is {value.ValueKind.ToString().ToLowerInvariant()}");
    }

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };

    private static SchemaProblem? ChoiceProblem(JsonElement value, JsonElement schema, string at)
    {
        if (schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(only, value))
            return new SchemaProblem(at, $"must be {only.GetRawText()}");
        return schema.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value))
            ? new SchemaProblem(at, $"must be one of {choices.GetRawText()}")
            : null;
    }

    private static SchemaProblem? BoundProblem(JsonElement value, JsonElement schema, string at)
    {
        var (size, least, most) = value.ValueKind switch
        {
            JsonValueKind.Number => (value.GetDouble(), "minimum", "maximum"),
            JsonValueKind.String => (value.GetString()!.Length, "minLength", "maxLength"),
            JsonValueKind.Array => (value.GetArrayLength(), "minItems", "maxItems"),
            _ => (0d, "", ""),
        };
        if (Bound(schema, least) is { } min && size < min)
            return new SchemaProblem(at, string.Create(CultureInfo.InvariantCulture, $"is below its {least} of {min}"));
        return Bound(schema, most) is { } max && size > max ? new SchemaProblem(at, string.Create(CultureInfo.InvariantCulture, $"is above its {most} of {max}")) : null;
    }

    private static double? Bound(JsonElement schema, string key) =>
        key.Length > 0 && schema.TryGetProperty(key, out var bound) && bound.ValueKind == JsonValueKind.Number ? bound.GetDouble() : null;

    private SchemaProblem? MembersProblem(JsonElement value, JsonElement schema, string at, int depth)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        if (schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array)
        {
            foreach (var name in required.EnumerateArray().Where(name => !value.TryGetProperty(name.ToString(), out _)))
                return new SchemaProblem(at, $"lacks '{name}'");
        }

        var known = schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object ? properties : default;
        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : default;
        return value.EnumerateObject()
            .Select(member => Problem(member.Value, known.ValueKind == JsonValueKind.Object && known.TryGetProperty(member.Name, out var own) ? own : others, $"{at}/{member.Name}", depth + 1))
            .FirstOrDefault(problem => problem is not null);
    }

    private SchemaProblem? ItemsProblem(JsonElement value, JsonElement schema, string at, int depth) =>
        value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items)
            ? value.EnumerateArray().Select((item, index) => Problem(item, items, string.Create(CultureInfo.InvariantCulture, $"{at}/{index}"), depth + 1)).FirstOrDefault(problem => problem is not null)
            : null;

    private SchemaProblem? CombinedProblem(JsonElement value, JsonElement schema, string at, int depth)
    {
        if (schema.TryGetProperty("allOf", out var all) && all.ValueKind == JsonValueKind.Array && all.EnumerateArray().Select(part => Problem(value, part, at, depth + 1)).FirstOrDefault(problem => problem is not null) is { } wrong)
            return wrong;
        foreach (var key in (string[])["anyOf", "oneOf"])
        {
            if (schema.TryGetProperty(key, out var options) && options.ValueKind == JsonValueKind.Array && options.EnumerateArray().All(option => Problem(value, option, at, depth + 1) is not null))
                return new SchemaProblem(at, $"meets none of its {key}");
        }

        return null;
    }
}

/// <summary>What is wrong with a value.</summary>
/// <param name="At">A JSON pointer to the place; empty for the whole.</param>
public sealed record SchemaProblem(string At, string Message)
{
    public override string ToString() => $"{(At.Length == 0 ? "the answer" : At)} {Message}";
}
