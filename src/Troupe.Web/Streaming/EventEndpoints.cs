using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Troupe.Core.Records;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Streaming;

/// <summary>What happened, as a stream, as JSON pages, or as lines of text.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        Stream(api.MapGet("/events", AllAsync).Shows(RunScope.Many));
        Stream(api.MapGet("/workflows/{id}/events", OfRunAsync).Shows(RunScope.Run).TakesStatusTokens());
        api.MapGet("/workflows/{id}/log", LogAsync).RequireRole(Roles.Reader).Shows(RunScope.Run);
    }

    private static void Stream(RouteHandlerBuilder endpoint) =>
        endpoint.RequireRole(Roles.Reader).WithMetadata(new StreamsEvents()).RequireRateLimiting(Limits.Streams);

    private static async Task<IResult> AllAsync(HttpContext context, IEventLog log, EventStream stream, RunVisibility visibility)
    {
        var cursor = EventCursor.Of(context.Request);
        var source = EventSource.OfAll(log).SeenBy(visibility.Of(context), visibility);
        if (WantsJson(context.Request))
            return await PageAsync(source, cursor, context.RequestAborted);
        await stream.WriteAsync(context, source, cursor.After ?? await log.GetLastPositionAsync(context.RequestAborted));
        return Results.Empty;
    }

    private static async Task<IResult> OfRunAsync(string id, HttpContext context, IEventLog log, IRunStore runs, EventStream stream)
    {
        var cursor = EventCursor.Of(context.Request);
        if (await runs.GetRunAsync(id, context.RequestAborted) is null)
            return ApiProblem.NotFound("run", id);
        var source = EventSource.OfRun(log, runs, id);
        if (WantsJson(context.Request))
            return await PageAsync(source, cursor, context.RequestAborted);
        await stream.WriteAsync(context, source, cursor.After ?? 0);
        return Results.Empty;
    }

    private static async Task<IResult> LogAsync(string id, HttpContext context, IEventLog log, IRunStore runs)
    {
        var cursor = EventCursor.Of(context.Request);
        if (await runs.GetRunAsync(id, context.RequestAborted) is null)
            return ApiProblem.NotFound("run", id);
        context.Response.ContentType = "text/plain; charset=utf-8";
        var after = cursor.After ?? 0;
        while (await log.ReadAsync(id, after, cursor.Limit, context.RequestAborted) is { Count: > 0 } events)
        {
            after = events[^1].Sequence;
            await context.Response.WriteAsync(Lines(events), context.RequestAborted);
        }

        return Results.Empty;
    }

    private static async Task<IResult> PageAsync(EventSource source, EventCursor cursor, CancellationToken cancellationToken)
    {
        var after = cursor.After ?? 0;
        var next = await source.ReadAsync(after, cursor.Limit, cancellationToken);
        return Answer.Json(new EventPage([.. next.Events.Select(EventBody.Of)], next.Through));
    }

    // The data stays JSON, whose encoder leaves no control character that a terminal could obey.
    private static string Lines(IReadOnlyList<RunEvent> events)
    {
        var lines = new StringBuilder();
        foreach (var happened in events)
        {
            lines.Append(happened.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
                .Append("  ").Append(happened.Type.PadRight(20)).Append("  ").Append(happened.TaskId ?? happened.RunId)
                .Append("  ").Append(JsonSerializer.Serialize(happened.Data, WebJson.Options)).Append('\n');
        }

        return lines.ToString();
    }

    private static bool WantsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        && !accepted.Any(type => type.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase));
}
