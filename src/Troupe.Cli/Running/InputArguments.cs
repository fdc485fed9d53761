using System.Text.Json;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>Makes typed inputs of <c>name=value</c>, <c>name=@file</c> and <c>name=-</c> (standard input).</summary>
internal static class InputArguments
{
    /// <exception cref="CommandException">An argument is malformed, unknown, given twice, or of the wrong type.</exception>
    public static async Task<IReadOnlyDictionary<string, JsonElement>> ReadAsync(
        IReadOnlyList<string> arguments, IReadOnlyList<InputInfo> declared, Shell shell)
    {
        var texts = new List<(InputInfo Input, string Text)>();
        foreach (var argument in arguments)
        {
            var (name, value) = Split(argument);
            var input = declared.FirstOrDefault(input => input.Name == name) ?? throw Unknown(name, declared);
            texts.Add((input, await TextSource.ReadAsync(value, $"--input {name}", shell)));
        }

        return texts
            .GroupBy(static text => text.Input)
            .ToDictionary(static group => group.Key.Name, static group => Convert(group.Key, [.. group.Select(static text => text.Text)]), StringComparer.Ordinal);
    }

    private static (string Name, string Value) Split(string argument)
    {
        var at = argument.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? (argument[..at].Trim(), argument[(at + 1)..])
            : throw new CommandException(ExitCodes.Usage, $"--input expects name=value, name=@file or name=-; found '{Words.Line(argument)}'.");
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
            "string" => JsonSerializer.SerializeToElement(text),
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
