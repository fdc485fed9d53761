using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine.Replay;

namespace Troupe.Testing.Histories;

/// <summary>The history of one execution as it is kept in the repository.</summary>
internal sealed record HistoryFile(ExecutionIdentity Identity, IReadOnlyList<Step> Steps)
{
    private const int MaxPayloadBytes = 1 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AddKinds } },
    };

    public static HistoryFile Parse(string json) =>
        JsonSerializer.Deserialize<HistoryFile>(json, Json) ?? throw new InvalidDataException("A recorded history is empty.");

    public string Print() => JsonSerializer.Serialize(this, Json).ReplaceLineEndings("\n") + "\n";

    /// <summary>Lets an orchestrator decide all of it again. The last step of an instance that was terminated is not the code's.</summary>
    /// <exception cref="NonDeterminismException">It decides otherwise, or does not end where it did.</exception>
    public void Replay(IOrchestrator orchestrator, JsonSerializerOptions payloads)
    {
        var last = Steps[^1].Decisions is [.., var decision] ? decision : null;
        var terminated = last is ExecutionCompleted { Status: OrchestrationRuntimeStatus.Terminated };
        var machine = new OrchestrationMachine(Identity, orchestrator, new PayloadConverter(payloads, MaxPayloadBytes), NullLoggerFactory.Instance);
        machine.Replay(terminated ? Steps.SkipLast(1) : Steps);
        if (machine.HasEnded != (last is ExecutionCompleted or ContinuedAsNew && !terminated))
            throw new NonDeterminismException(Steps.Count - 1, Steps.Sum(static step => step.Decisions.Count) - 1, last, null);
    }

    /// <summary>Messages and decisions say in <c>kind</c> what they are.</summary>
    private static void AddKinds(JsonTypeInfo type)
    {
        if (type.Type != typeof(Message) && type.Type != typeof(Decision)) return;
        type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "kind" };
        foreach (var kind in type.Type.Assembly.GetTypes().Where(kind => kind.BaseType == type.Type).OrderBy(static kind => kind.Name, StringComparer.Ordinal))
            type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(kind, kind.Name));
    }
}
