using Troupe.Core.Records;

namespace Troupe.Functions.Storage.Documents;

/// <param name="Text">Null for a deletion.</param>
internal sealed record DocumentVersion(string Kind, string Name, int Number, string? Text, string User, DateTimeOffset At)
{
    /// <summary>Null for a deletion.</summary>
    public Document? ToDocument() => Text is null ? null : new Document(Kind, Name, Number, Text, User, At);
}
