using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Tests.Histories;

/// <summary>The history of one execution as it is kept in the repository.</summary>
internal sealed record HistoryFile(ExecutionIdentity Identity, IReadOnlyList<Step> Steps)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AddKinds } },
    };

    public static HistoryFile Parse(string json) =>
        JsonSerializer.Deserialize<HistoryFile>(json, Json) ?? throw new InvalidDataException("A recorded history is empty.");

    public string Print() => JsonSerializer.Serialize(this, Json).ReplaceLineEndings("\n") + "\n";

    /// <summary>Messages and decisions say in <c>kind</c> what they are.</summary>
    private static void AddKinds(JsonTypeInfo type)
    {
        if (type.Type != typeof(Message) && type.Type != typeof(Decision)) return;
        type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "kind" };
        foreach (var kind in type.Type.Assembly.GetTypes().Where(kind => kind.BaseType == type.Type).OrderBy(static kind => kind.Name, StringComparer.Ordinal))
            type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(kind, kind.Name));
    }
}
