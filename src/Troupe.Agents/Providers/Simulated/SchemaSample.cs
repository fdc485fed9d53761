using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Troupe.Core.Json;

namespace Troupe.Agents.Providers.Simulated;

/// <summary>A JSON value that meets a JSON schema, filled from the prompt.</summary>
internal sealed class SchemaSample
{
    private const int MaxDepth = 16;
    private const int OptionalDepth = 6;
    private const int MaxValues = 2_000;

    private readonly JsonElement root;
    private readonly string[] words;
    private readonly string seed;
    private int values;

    private SchemaSample(JsonElement root, string prompt)
    {
        this.root = root;
        seed = prompt;
        words = prompt.Split((char[]?)null, 200, StringSplitOptions.RemoveEmptyEntries);
    }

    public static string Of(JsonElement schema, string prompt) =>
        new SchemaSample(schema, prompt).Value(schema, "result", 0)?.ToJsonString(TroupeJson.Options) ?? "null";

    private JsonNode? Value(JsonElement schema, string name, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth || ++values > MaxValues)
            return Text(name, schema);
        if (Given(schema) is { } given)
            return JsonNode.Parse(given.GetRawText());
        if (Target(schema) is { } target)
            return Value(target, name, depth + 1);
        return TypeOf(schema) switch
        {
            "object" => Object(schema, depth),
            "array" => Array(schema, name, depth),
            "integer" => JsonValue.Create((long)Math.Ceiling(Number(schema, name))),
            "number" => JsonValue.Create(Number(schema, name)),
            "boolean" => JsonValue.Create(Pick(name, 2) == 0),
            "null" => null,
            _ => Text(name, schema),
        };
    }

    private JsonElement? Given(JsonElement schema)
    {
        if (schema.TryGetProperty("const", out var value) || schema.TryGetProperty("default", out value))
            return value;
        if (schema.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() is > 0 and var count)
            return choices[(int)Pick("enum", (uint)count)];
        return schema.TryGetProperty("examples", out var examples) && examples.ValueKind == JsonValueKind.Array && examples.GetArrayLength() > 0 ? examples[0] : null;
    }

    private JsonElement? Target(JsonElement schema)
    {
        foreach (var key in (string[])["anyOf", "oneOf", "allOf"])
        {
            if (schema.TryGetProperty(key, out var options) && options.ValueKind == JsonValueKind.Array && options.GetArrayLength() > 0)
                return options[0];
        }

        return JsonPointer.FollowReference(root, schema);
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return schema.TryGetProperty("properties", out _) ? "object" : schema.TryGetProperty("items", out _) ? "array" : "string";
        return type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0 ? type[0].ToString() : type.ValueKind == JsonValueKind.String ? type.GetString() : null;
    }

    private JsonObject Object(JsonElement schema, int depth)
    {
        var result = new JsonObject();
        if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
            return result;
        foreach (var property in properties.EnumerateObject().Where(property => depth < OptionalDepth || IsRequired(schema, property.Name)))
            result[property.Name] = Value(property.Value, property.Name, depth + 1);
        return result;
    }

    private static bool IsRequired(JsonElement schema, string name) =>
        schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array
        && required.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(name));

    private JsonArray Array(JsonElement schema, string name, int depth)
    {
        var items = schema.TryGetProperty("items", out var found) ? found : default;
        var least = Bound(schema, "minItems") ?? 0;
        var count = Math.Clamp(3, least, Math.Max(least, Bound(schema, "maxItems") ?? 3));
        var result = new JsonArray();
        for (var i = 1; i <= Math.Min(count, 100); i++)
            result.Add(Value(items, string.Create(CultureInfo.InvariantCulture, $"{name} {i}"), depth + 1));
        return result;
    }

    private double Number(JsonElement schema, string name)
    {
        var least = Bound(schema, "minimum") ?? (Bound(schema, "exclusiveMinimum") + 1) ?? 0;
        var most = Bound(schema, "maximum") ?? (Bound(schema, "exclusiveMaximum") - 1) ?? least + 10;
        return Math.Floor(least + Pick(name, (uint)Math.Clamp(most - least + 1, 1, 1000)));
    }

    private JsonValue Text(string name, JsonElement schema)
    {
        var from = words.Length == 0 ? 0 : (int)Pick(name, (uint)words.Length);
        var text = $"Simulated {name.Replace('_', ' ')}: {string.Join(' ', words.Skip(from).Take(8))}".TrimEnd(' ', ':');
        var most = schema.ValueKind == JsonValueKind.Object ? Bound(schema, "maxLength") : null;
        return JsonValue.Create(text.Length > most ? text[..(int)Math.Max(0, most.Value)] : text);
    }

    private static double? Bound(JsonElement schema, string key) =>
        schema.TryGetProperty(key, out var bound) && bound.ValueKind == JsonValueKind.Number ? bound.GetDouble() : null;

    private uint Pick(string name, uint count) => SimulatedOutput.Hash($"{name}\n{seed}") % count;
}
