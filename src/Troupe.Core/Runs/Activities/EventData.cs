using System.Text.Json;
using Troupe.Core.Json;
using Troupe.Core.Records;

namespace Troupe.Core.Runs.Activities;

/// <summary>Makes events with their small data.</summary>
internal static class EventData
{
    private static readonly JsonElement Empty = JsonSerializer.SerializeToElement(new { });

    /// <param name="dedupKey">Names the change that the event tells of, so that a repeated write tells it once.</param>
    public static NewEvent Of(string type, string? taskId, string dedupKey, object? data = null) =>
        new(type, taskId, data is null ? Empty : JsonSerializer.SerializeToElement(data, TroupeJson.Options), dedupKey);

    /// <summary>A failure in the size that an event may have.</summary>
    public static object? Brief(Failure? failure) =>
        failure is null ? null : new { failure.Kind, Message = failure.Message.Shorten(500), failure.Retryable };
}
