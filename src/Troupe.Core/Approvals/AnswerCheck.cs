using System.Text.Json;
using Troupe.Core.Definitions;
using Troupe.Core.Json;

namespace Troupe.Core.Approvals;

/// <summary>Compares an answer with its question.</summary>
internal static class AnswerCheck
{
    /// <summary>What is wrong with it, with its place in the answer; null where it is right.</summary>
    public static Problem? Check(Question question, JsonElement answer) => question switch
    {
        { Kind: QuestionKind.Text } => answer.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(answer.GetString())
            ? null
            : new Problem("The answer must be a text that is not blank."),
        { Kind: QuestionKind.Choice } => answer.ValueKind == JsonValueKind.String && question.Choices.Contains(answer.GetString(), StringComparer.Ordinal)
            ? null
            : new Problem($"The answer must be one of {string.Join(", ", question.Choices.Select(static choice => $"'{choice}'"))}."),
        { Kind: QuestionKind.Result, Schema: null } when answer is { ValueKind: JsonValueKind.String } && string.IsNullOrWhiteSpace(answer.GetString()) => new Problem("The result must not be blank."),
        { Schema: { } schema } when new SchemaCheck(schema).Problem(answer) is { } problem => new Problem($"{problem}.", problem.At),
        _ => null,
    };

    /// <summary>The text to keep: a text as it is, anything else as JSON.</summary>
    public static string TextOf(Question question, JsonElement answer) => IsJson(question, answer) ? answer.GetRawText() : answer.GetString()!;

    public static bool IsJson(Question question, JsonElement answer) =>
        answer.ValueKind != JsonValueKind.String || question.Kind == QuestionKind.Json || question.Schema is not null;
}
