using System.Text.Json;
using Troupe.Core.Records;

namespace Troupe.Web.Streaming;

/// <summary>An event as readers see it.</summary>
internal sealed record EventBody(
    string WorkflowId, long Sequence, long Position, string Type, DateTimeOffset Time, string? TaskId, JsonElement Data)
{
    public static EventBody Of(RunEvent happened) => new(
        happened.RunId, happened.Sequence, happened.Position, happened.Type, happened.Time, happened.TaskId, happened.Data);
}

/// <param name="Events">Oldest first.</param>
/// <param name="Last">Ask for events after this next. While it is beyond what was asked for, there may be more, also where there are no events.</param>
internal sealed record EventPage(IReadOnlyList<EventBody> Events, long Last);
