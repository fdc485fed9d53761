using System.Text.Json;
using Troupe.Core.Json;
using Troupe.Core.Records;

namespace Troupe.Agents.Running;

/// <summary>The answer of an agent that has an output schema: JSON, and nothing around it.</summary>
internal static class StructuredAnswer
{
    /// <summary>The JSON, taken out of a code fence where there is one, or why it does not meet the schema.</summary>
    public static (string Text, Failure? Failure) Read(string text, JsonElement schema)
    {
        var json = Unfenced(text.Trim());
        try
        {
            using var value = JsonDocument.Parse(json);
            return new SchemaCheck(schema).Problem(value.RootElement) is { } problem ? (text, Wrong($"does not meet its output_schema: {problem}")) : (json, null);
        }
        catch (JsonException e)
        {
            return (text, Wrong($"is not the JSON that its output_schema asks for: {e.Message}"));
        }
    }

    private static Failure Wrong(string what) => new(FailureKinds.InvalidOutput, $"The agent's answer {what}.", Retryable: true);

    private static string Unfenced(string text)
    {
        if (!text.StartsWith("```", StringComparison.Ordinal) || !text.EndsWith("```", StringComparison.Ordinal))
            return text;
        var start = text.IndexOf('\n', StringComparison.Ordinal);
        return start < 0 || start > text.Length - 3 ? text : text[(start + 1)..^3].Trim();
    }
}
