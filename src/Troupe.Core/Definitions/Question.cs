using System.Text.Json;

namespace Troupe.Core.Definitions;

public enum QuestionKind
{
    /// <summary>A text that is not blank.</summary>
    Text,

    /// <summary>One of the choices.</summary>
    Choice,

    /// <summary>JSON that meets the schema.</summary>
    Json,

    /// <summary>A task's whole result: a text or JSON, by the schema of its agent where that has one.</summary>
    Result,
}

/// <summary>What kind of answer a person is to give.</summary>
public sealed record Question
{
    public QuestionKind Kind { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>A JSON schema; null for any JSON.</summary>
    public JsonElement? Schema { get; init; }
}
