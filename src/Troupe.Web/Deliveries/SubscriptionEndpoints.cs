using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Deliveries.Subscriptions;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Deliveries;

/// <summary>Who is told of events by webhook (D3). A secret is shown in the answer that made it, and never again.</summary>
internal static class SubscriptionEndpoints
{
    private const string What = "webhook subscription";

    public static void MapSubscriptions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/webhook-subscriptions", ListAsync).RequireRole(Roles.Admin);
        api.MapPost("/webhook-subscriptions", AddAsync).RequireRole(Roles.Admin);
        api.MapGet("/webhook-subscriptions/{id}", GetAsync).RequireRole(Roles.Admin);
        api.MapPatch("/webhook-subscriptions/{id}", ChangeAsync).RequireRole(Roles.Admin);
        api.MapDelete("/webhook-subscriptions/{id}", DeleteAsync).RequireRole(Roles.Admin);
        api.MapPost("/webhook-subscriptions/{id}/rotate", RotateAsync).RequireRole(Roles.Admin);
    }

    private static async Task<IResult> ListAsync(HttpContext context, WebhookSubscriptions subscriptions)
    {
        new QueryFields(context.Request).Close();
        var list = await subscriptions.ListAsync(context.RequestAborted);
        return Answer.Json(new { items = list.Select(SubscriptionBody.Of) });
    }

    private static async Task<IResult> AddAsync(HttpContext context, WebhookSubscriptions subscriptions)
    {
        var (fields, secret) = (await JsonRequest.ReadAsync(context.Request)).Bind(static fields =>
            (SubscriptionRequest.Bind(fields, isNew: true), SubscriptionRequest.SecretOf(fields)));
        var added = await subscriptions.AddAsync(fields, secret, context.Caller(), context.RequestAborted);
        return added is null
            ? new ApiProblem(StatusCodes.Status409Conflict, $"There are {WebhookSubscriptions.Max} webhook subscriptions, the most possible. Delete one first.") { Kind = "too-many" }
            : Answer.Json(SubscriptionBody.WithSecret(added), StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, WebhookSubscriptions subscriptions) =>
        await subscriptions.GetAsync(id, context.RequestAborted) is { } found ? Answer.Json(SubscriptionBody.Of(found)) : ApiProblem.NotFound(What, id);

    private static async Task<IResult> ChangeAsync(string id, HttpContext context, WebhookSubscriptions subscriptions)
    {
        var fields = (await JsonRequest.ReadAsync(context.Request)).Bind(static fields => SubscriptionRequest.Bind(fields, isNew: false));
        return await subscriptions.ChangeAsync(id, fields, context.RequestAborted) is { } changed
            ? Answer.Json(SubscriptionBody.Of(changed))
            : ApiProblem.NotFound(What, id);
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, WebhookSubscriptions subscriptions) =>
        await subscriptions.DeleteAsync(id, context.RequestAborted) ? Results.NoContent() : ApiProblem.NotFound(What, id);

    private static async Task<IResult> RotateAsync(string id, HttpContext context, WebhookSubscriptions subscriptions)
    {
        var secret = (await JsonRequest.ReadOptionalAsync(context.Request)).Bind(static fields => new { Text = SubscriptionRequest.SecretOf(fields) });
        return await subscriptions.RotateAsync(id, secret.Text, context.RequestAborted) is { } rotated
            ? Answer.Json(SubscriptionBody.WithSecret(rotated))
            : ApiProblem.NotFound(What, id);
    }
}
