using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Notifications;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Streaming;

namespace Troupe.Web.Notifications;

/// <summary>The caller's own notifications (D4). Nobody reaches those of another user.</summary>
internal static class NotificationEndpoints
{
    public static void MapNotifications(this IEndpointRouteBuilder api)
    {
        api.MapGet("/notifications", ListAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing);
        api.MapPost("/notifications/ack", AcknowledgeManyAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing);
        api.MapPost("/notifications/{id}/ack", AcknowledgeAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing);
        api.MapGet("/notifications/events", StreamAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing)
            .WithMetadata(new StreamsEvents()).RequireRateLimiting(Limits.Streams);
    }

    private static async Task<IResult> ListAsync(HttpContext context, INotificationStore notifications)
    {
        var query = new QueryFields(context.Request);
        var types = query.Words<NotificationType>("type");
        if (types?.Count > 1)
            query.Report("type", "Give one type.");
        var wanted = new NotificationQuery
        {
            User = context.Caller().User,
            Unread = query.Flag("unread", false),
            Type = types?.First(),
            RunId = query.Text("workflow_id"),
            Limit = query.Number("limit", 50, 1, 500),
            Cursor = query.Text("cursor"),
        };
        query.Close();
        var page = await notifications.ListAsync(wanted, context.RequestAborted);
        var unread = await notifications.CountUnreadAsync(wanted.User, context.RequestAborted);
        return Answer.Json(new NotificationPage([.. page.Items.Select(NotificationBody.Of)], page.Cursor, unread));
    }

    private static async Task<IResult> AcknowledgeAsync(string id, HttpContext context, INotificationStore notifications, TimeProvider time) =>
        NotificationIds.IsId(id) && await notifications.AcknowledgeAsync(context.Caller().User, id, time.GetUtcNow(), context.RequestAborted) is { } read
            ? Answer.Json(NotificationBody.Of(read))
            : ApiProblem.NotFound("notification", id);

    private static async Task<IResult> AcknowledgeManyAsync(HttpContext context, INotificationStore notifications, TimeProvider time)
    {
        var wanted = (await JsonRequest.ReadOptionalAsync(context.Request)).Bind(static fields =>
        {
            var upTo = fields.Text("up_to");
            if (upTo is not null && !NotificationIds.IsId(upTo))
                fields.Report("up_to", "That is no notification's id. Leave it out to acknowledge all.");
            return new { UpTo = upTo };
        });
        var user = context.Caller().User;
        var count = await notifications.AcknowledgeUpToAsync(user, wanted.UpTo, time.GetUtcNow(), context.RequestAborted);
        return Answer.Json(new { acknowledged = count, unread_count = await notifications.CountUnreadAsync(user, context.RequestAborted) });
    }

    private static async Task<IResult> StreamAsync(HttpContext context, NotificationStream stream)
    {
        new QueryFields(context.Request).Close();
        var last = context.Request.Headers["Last-Event-ID"].ToString();
        if (last.Length > 0 && !NotificationIds.IsId(last))
            throw new ApiException(new ApiProblem(StatusCodes.Status400BadRequest, "The Last-Event-ID is no notification's id.") { Kind = "invalid-query" });
        await stream.WriteAsync(context, last.Length == 0 ? null : last);
        return Results.Empty;
    }
}
