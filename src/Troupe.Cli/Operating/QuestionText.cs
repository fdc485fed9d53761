using System.Text.Json;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary>What kind of answer a question wants.</summary>
internal static class QuestionText
{
    public static string Wants(ApprovalInfo one) => one.Question switch
    {
        { Kind: "choice", Choices: { } choices } => string.Join(" | ", choices.Select(static choice => Words.Line(choice))),
        { Kind: "json" } or { Schema: not null } => "JSON",
        { Kind: "result" } => "the result",
        _ => "text",
    };

    public static string HowToAnswer(ApprovalInfo one) => one.Question switch
    {
        { Kind: "choice", Choices: [var first, ..] } => $"Answer with one of {Wants(one)}: troupe answer {one.Id} '{Words.Line(first)}'",
        { Schema: { } schema } => $"Answer with JSON that meets {Words.Line(schema.GetRawText(), 2_000)}\n  troupe answer {one.Id} '…' (or @file, or - for standard input)",
        { Kind: "json" } => $"Answer with any JSON: troupe answer {one.Id} '…' (or @file, or - for standard input)",
        _ => $"Answer: troupe answer {one.Id} '…' (or @file, or - for standard input)",
    };

    /// <summary>The text as the question wants it.</summary>
    /// <exception cref="CommandException">JSON is wanted, and it is none.</exception>
    public static JsonElement Read(QuestionInfo? question, string text)
    {
        if (question is not ({ Kind: "json" } or { Schema: not null }))
            return JsonElement.Parse($"\"{JsonEncodedText.Encode(text)}\"");
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException wrong)
        {
            throw new CommandException(ExitCodes.Invalid, $"The question wants JSON, and the answer is none: line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}. A text is JSON in quotation marks: '\"…\"'.");
        }
    }
}
