using System.Globalization;
using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;

namespace Troupe.Core.Runs;

/// <summary>The tool with which an agent asks people. The question is a gate of its own, so that waiting costs nothing and survives everything.</summary>
internal static class AskHuman
{
    public const string Name = "ask_human";

    private const int MaxQuestion = 4_000;
    private const int MaxChoices = 50;
    private const int MaxChoice = 200;
    private const int MaxSchema = 8 << 10;

    public static ToolDefinition Definition { get; } = new(
        Name,
        "Asks a person and waits for the answer, which may take days. Ask only what you cannot find out yourself. Give choices, or a JSON schema, where the answer must have a form.",
        """{"type":"object","properties":{"question":{"type":"string"},"choices":{"type":"array","items":{"type":"string"}},"schema":{"type":"object","description":"A JSON schema that the answer must meet"},"timeout":{"type":"string","description":"How long to wait, such as 4h or 2d; for ever where left out"}},"required":["question"]}""");

    /// <summary>The gate of a call; or what is wrong with the call, for the model. It is pure, as orchestrators use it.</summary>
    public static (GateDefinition? Gate, string? Problem) Read(AgentToolCall call)
    {
        try
        {
            var arguments = JsonSerializer.Deserialize<JsonElement>(call.Arguments);
            return arguments.ValueKind == JsonValueKind.Object ? Read(arguments) : (null, "the arguments must be an object.");
        }
        catch (JsonException e)
        {
            return (null, $"the arguments are not JSON: {e.Message}");
        }
    }

    /// <summary>The question's gate as a child of its task; null where the call is none, or is wrong.</summary>
    public static GateInput? GateOf(TaskInput task, AgentToolCall call, int attempt, int turn, int number)
    {
        if (call.Name != Name || Read(call).Gate is not { } gate)
            return null;
        var key = string.Create(CultureInfo.InvariantCulture, $"{task.Key}.q{attempt}-{turn}-{number}");
        return new GateInput(task.RunId, key, gate.Title!, gate, task.Key);
    }

    private static (GateDefinition? Gate, string? Problem) Read(JsonElement arguments)
    {
        if (!arguments.TryGetProperty("question", out var asked) || asked.ValueKind != JsonValueKind.String || asked.GetString() is not { } question || string.IsNullOrWhiteSpace(question) || question.Length > MaxQuestion)
            return (null, $"'question' must be a text of 1 to {MaxQuestion} characters.");
        var (kind, problem) = ReadKind(arguments);
        if (problem is not null)
            return (null, problem);
        TimeSpan? timeout = null;
        if (Has(arguments, "timeout", out var time))
        {
            if (!Duration.TryParse(time.ToString(), out var wait) || wait <= TimeSpan.Zero)
                return (null, "'timeout' must be a duration such as 4h or 2d.");
            timeout = wait;
        }

        return (new GateDefinition { Type = GateType.Question, Title = question.Trim().Shorten(500), Description = question.Length > 500 ? question : null, Question = kind, Timeout = timeout }, null);
    }

    private static (Question Question, string? Problem) ReadKind(JsonElement arguments)
    {
        var hasChoices = Has(arguments, "choices", out var choices);
        var hasSchema = Has(arguments, "schema", out var schema);
        if (hasChoices && hasSchema)
            return (new Question(), "give either 'choices' or 'schema'.");
        if (hasSchema)
        {
            return schema.ValueKind == JsonValueKind.Object && schema.GetRawText().Length <= MaxSchema
                ? (new Question { Kind = QuestionKind.Json, Schema = schema }, null)
                : (new Question(), $"'schema' must be a JSON schema of at most {MaxSchema} characters.");
        }

        if (!hasChoices)
            return (new Question(), null);
        var isList = choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() is >= 2 and <= MaxChoices
            && choices.EnumerateArray().All(static choice => choice.ValueKind == JsonValueKind.String && choice.GetString() is { Length: > 0 and <= MaxChoice });
        return isList
            ? (new Question { Kind = QuestionKind.Choice, Choices = [.. choices.EnumerateArray().Select(static choice => choice.GetString()!).Distinct(StringComparer.Ordinal)] }, null)
            : (new Question(), $"'choices' must be 2 to {MaxChoices} texts of 1 to {MaxChoice} characters.");
    }

    private static bool Has(JsonElement arguments, string name, out JsonElement value) =>
        arguments.TryGetProperty(name, out value) && value.ValueKind is not JsonValueKind.Null;
}
