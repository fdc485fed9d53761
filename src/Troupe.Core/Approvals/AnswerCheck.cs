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
        { Schema: { } schema } when new SchemaCheck(schema).Problem(answer) is { } problem => new Problem($"{problem}.", problem.At),
        _ => null,
    };

    /// <summary>The text to keep: a text as it is, anything else as JSON.</summary>
    public static string TextOf(Question question, JsonElement answer) =>
        question.Kind == QuestionKind.Json ? answer.GetRawText() : answer.GetString()!;
}
