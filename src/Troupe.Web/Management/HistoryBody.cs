using System.Text.Json;
using System.Text.Json.Serialization;
using Troupe.Durable;

namespace Troupe.Web.Management;

/// <summary>One event of a history; its keys are PascalCase, as in Durable Functions.</summary>
internal sealed record HistoryBody
{
    [JsonPropertyName("EventType")]
    public required string EventType { get; init; }

    /// <summary>Of an external event or a timer.</summary>
    [JsonPropertyName("Name"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>Of an orchestrator or an activity.</summary>
    [JsonPropertyName("FunctionName"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FunctionName { get; init; }

    [JsonPropertyName("Timestamp")]
    public required DateTime Timestamp { get; init; }

    [JsonPropertyName("ScheduledTime"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? ScheduledTime { get; init; }

    [JsonPropertyName("FireAt"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? FireAt { get; init; }

    [JsonPropertyName("Input"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Input { get; init; }

    [JsonPropertyName("Result"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Result { get; init; }

    [JsonPropertyName("Reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    [JsonPropertyName("OrchestrationStatus"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrchestrationRuntimeStatus? OrchestrationStatus { get; init; }

    public static HistoryBody Of(OrchestrationHistoryEvent recorded, bool showOutput)
    {
        var isFunction = !recorded.EventType.StartsWith("Event", StringComparison.Ordinal) && !recorded.EventType.StartsWith("Timer", StringComparison.Ordinal);
        return new()
        {
            EventType = recorded.EventType,
            Name = isFunction ? null : recorded.Name,
            FunctionName = isFunction ? recorded.Name : null,
            Timestamp = recorded.Timestamp.UtcDateTime,
            ScheduledTime = recorded.ScheduledTime?.UtcDateTime,
            FireAt = recorded.FireAt?.UtcDateTime,
            Input = showOutput ? DurableJson.Value(recorded.Input) : null,
            Result = showOutput ? DurableJson.Value(recorded.Result) : null,
            Reason = recorded.Reason,
            OrchestrationStatus = recorded.OrchestrationStatus,
        };
    }
}
