using System.Text.Json;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>Makes typed inputs of <c>name=value</c>, <c>name=@file</c>, <c>name=-</c> (standard input), and <c>@file</c>: a JSON object of inputs.</summary>
internal static class InputArguments
{
    /// <exception cref="CommandException">An argument is malformed, unknown, given twice, or of the wrong type.</exception>
    public static async Task<IReadOnlyDictionary<string, JsonElement>> ReadAsync(
        IReadOnlyList<string> arguments, IReadOnlyList<InputInfo> declared, Shell shell)
    {
        var inputs = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var texts = new List<(InputInfo Input, string Text)>();
        foreach (var argument in arguments)
        {
            if (argument.StartsWith('@'))
            {
                foreach (var property in await ReadObjectAsync(argument, shell))
                    inputs[property.Name] = property.Value;
                continue;
            }

            var (name, value) = Split(argument);
            var input = declared.FirstOrDefault(input => input.Name == name) ?? throw Unknown(name, declared);
            texts.Add((input, await TextSource.ReadAsync(value, $"--input {name}", shell)));
        }

        // A value given by itself wins over the file's.
        foreach (var group in texts.GroupBy(static text => text.Input))
            inputs[group.Key.Name] = Convert(group.Key, [.. group.Select(static text => text.Text)]);
        return inputs;
    }

    private static async Task<IEnumerable<JsonProperty>> ReadObjectAsync(string argument, Shell shell)
    {
        var text = await TextSource.ReadAsync(argument, "--input", shell);
        try
        {
            if (JsonElement.Parse(text) is { ValueKind: JsonValueKind.Object } inputs)
                return inputs.EnumerateObject();
        }
        catch (JsonException)
        {
            // Told below, in the user's words.
        }

        throw new CommandException(ExitCodes.Invalid, $"--input {Words.Line(argument)}: the file must hold a JSON object of inputs, such as {{\"topic\": \"tea\"}}.");
    }

    private static (string Name, string Value) Split(string argument)
    {
        var at = argument.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? (argument[..at].Trim(), argument[(at + 1)..])
            : throw new CommandException(ExitCodes.Usage, $"--input expects name=value, name=@file, name=-, or @file with a JSON object; found '{Words.Line(argument)}'.");
    }

    private static JsonElement Convert(InputInfo input, IReadOnlyList<string> texts)
    {
        if (input.Type == "array" && !(texts.Count == 1 && texts[0].TrimStart().StartsWith('[')))
            return JsonSerializer.SerializeToElement(texts);
        if (texts.Count > 1)
            throw new CommandException(ExitCodes.Usage, $"--input {input.Name} is given {texts.Count} times; only inputs of type array can be repeated.");
        var text = texts[0];
        return input.Type switch
        {
            "string" or "duration" => JsonSerializer.SerializeToElement(text),
            "number" or "integer" => Parse(input, text, JsonValueKind.Number),
            "boolean" => Parse(input, text.Trim().ToLowerInvariant(), JsonValueKind.True, JsonValueKind.False),
            "array" => Parse(input, text, JsonValueKind.Array),
            "object" => Parse(input, text, JsonValueKind.Object),
            _ => Parse(input, text),
        };
    }

    private static JsonElement Parse(InputInfo input, string text, params ReadOnlySpan<JsonValueKind> kinds)
    {
        try
        {
            var value = JsonElement.Parse(text.Trim());
            if (kinds.Length == 0 || kinds.Contains(value.ValueKind))
                return value;
        }
        catch (JsonException)
        {
            // Told below, in the user's words.
        }

        throw new CommandException(ExitCodes.Invalid, $"The input '{input.Name}' must be {Article(input.Type)}; found '{Words.Line(text, 60)}'.");
    }

    private static string Article(string type) => type switch
    {
        "integer" => "an integer",
        "array" => "a JSON array",
        "object" => "a JSON object",
        "boolean" => "true or false",
        _ => $"a {type}",
    };

    private static CommandException Unknown(string name, IReadOnlyList<InputInfo> declared) => new(
        ExitCodes.Invalid,
        declared.Count == 0
            ? $"The workflow takes no inputs; found --input {Words.Line(name)}."
            : $"The workflow has no input '{Words.Line(name)}'. It takes: {string.Join(", ", declared.Select(static input => input.Name))}.");
}
