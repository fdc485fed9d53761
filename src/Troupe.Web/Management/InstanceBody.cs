using System.Text.Json;
using System.Text.Json.Serialization;
using Troupe.Durable;

namespace Troupe.Web.Management;

/// <summary>The state of an instance in the shape of Durable Functions' own status answer.</summary>
internal sealed record InstanceBody
{
    public required string Name { get; init; }

    public required string InstanceId { get; init; }

    public required OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    public JsonElement? Input { get; init; }

    public JsonElement? CustomStatus { get; init; }

    public JsonElement? Output { get; init; }

    public required string CreatedTime { get; init; }

    public required string LastUpdatedTime { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HistoryBody>? HistoryEvents { get; init; }

    public static InstanceBody Of(OrchestrationMetadata instance, bool showInput) => new()
    {
        Name = instance.Name,
        InstanceId = instance.InstanceId,
        RuntimeStatus = instance.RuntimeStatus,
        Input = showInput ? DurableJson.Value(instance.SerializedInput) : null,
        CustomStatus = DurableJson.Value(instance.SerializedCustomStatus),
        Output = DurableJson.Value(instance.SerializedOutput) ?? FailureOf(instance),
        CreatedTime = DurableJson.Time(instance.CreatedAt),
        LastUpdatedTime = DurableJson.Time(instance.LastUpdatedAt),
    };

    private static JsonElement? FailureOf(OrchestrationMetadata instance) =>
        instance.FailureDetails is { } failure ? JsonSerializer.SerializeToElement(failure.ErrorMessage) : null;
}
