using System.Text.Json;
using Troupe.Cli.Running;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary>Makes an approver's changes of <c>task=prompt</c> and <c>inputs.name=value</c>; a text may be <c>@file</c> or <c>-</c> (standard input).</summary>
internal static class EditArguments
{
    private const string InputPrefix = "inputs.";

    /// <summary>Null where there are none.</summary>
    /// <exception cref="CommandException">An argument is malformed.</exception>
    public static async Task<ApprovalEdits?> ReadAsync(IReadOnlyList<string> arguments, Shell shell)
    {
        var prompts = new Dictionary<string, string>(StringComparer.Ordinal);
        var inputs = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            var at = argument.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                throw new CommandException(ExitCodes.Usage, $"--edit expects task=prompt or inputs.name=value; found '{Words.Line(argument)}'.");
            var name = argument[..at].Trim();
            var text = await TextSource.ReadAsync(argument[(at + 1)..], $"--edit {name}", shell);
            if (name.StartsWith(InputPrefix, StringComparison.Ordinal))
                inputs[name[InputPrefix.Length..]] = ValueOf(text);
            else
                prompts[name] = text;
        }

        return arguments.Count == 0 ? null : new ApprovalEdits(prompts.Count == 0 ? null : prompts, inputs.Count == 0 ? null : inputs);
    }

    /// <summary>What is no JSON is a text.</summary>
    private static JsonElement ValueOf(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return JsonElement.Parse($"\"{JsonEncodedText.Encode(text)}\"");
        }
    }
}
