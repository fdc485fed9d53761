using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Views;

namespace Troupe.Web.Deliveries;

/// <summary>Outbound webhooks: listed and sent again (D3).</summary>
internal static class DeliveryEndpoints
{
    public static void MapDeliveries(this IEndpointRouteBuilder api)
    {
        api.MapGet("/webhook-deliveries", ListAsync).RequireRole(Roles.Operator).Shows(RunScope.Many);
        api.MapGet("/webhook-deliveries/{id}", GetAsync).RequireRole(Roles.Operator).Shows(RunScope.Delivery);
        api.MapPost("/webhook-deliveries/{id}/redeliver", RedeliverAsync).RequireRole(Roles.Operator).Shows(RunScope.Delivery);
        api.MapPost("/webhook-deliveries/redeliver", RedeliverManyAsync).RequireRole(Roles.Operator).Shows(RunScope.Many);
    }

    private static async Task<IResult> ListAsync(HttpContext context, IDeliveryStore deliveries, IRunStore runs, RunVisibility visibility)
    {
        var query = new QueryFields(context.Request);
        var statuses = query.Words<DeliveryStatus>("status");
        if (statuses?.Count > 1)
            query.Report("status", "Give one status.");
        var wanted = new DeliveryQuery
        {
            Status = statuses?.First(),
            RunId = query.Text("workflow_id"),
            Limit = query.Number("limit", 50, 1, 500),
            Cursor = query.Text("cursor"),
        };
        query.Close();
        var page = await visibility.FilterAsync(context, await deliveries.ListAsync(wanted, context.RequestAborted), static delivery => delivery.RunId);
        var shown = new List<DeliveryBody>(page.Items.Count);
        foreach (var delivery in page.Items)
            shown.Add(DeliveryBody.Of(delivery, await context.SeesAddressOfAsync(delivery, runs)));
        return Answer.Json(new PageBody<DeliveryBody>(shown, page.Cursor));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, IDeliveryStore deliveries, IRunStore runs, DeliveryMessages messages)
    {
        if (await deliveries.GetAsync(id, context.RequestAborted) is not { } delivery)
            return ApiProblem.NotFound("webhook delivery", id);
        var message = await messages.ComposeAsync(delivery, context.RequestAborted);
        return Answer.Json(DeliveryBody.Of(delivery, await context.SeesAddressOfAsync(delivery, runs)) with { Data = message?.Data });
    }

    /// <summary>Sends dead deliveries again, oldest page last; the answer says whether there are more.</summary>
    private static async Task<IResult> RedeliverManyAsync(HttpContext context, DeliveryOutbox outbox, RunVisibility visibility)
    {
        var (run, subscription, limit) = (await JsonRequest.ReadOptionalAsync(context.Request)).Bind(static fields =>
            (fields.Text("workflow_id"), fields.Text("subscription_id"), fields.Number("limit", 500, 1, 500)));
        if (visibility.Of(context) is var sight && sight != Sight.All)
        {
            if (run is null)
                return new ApiProblem(StatusCodes.Status403Forbidden, "Name the workflow_id of a run of yours; only who sees all runs may send everything again.") { Kind = "role" };
            if (!await visibility.SeesAsync(sight, run, context.RequestAborted))
                return ApiProblem.NotFound("run", run);
        }

        var (sent, more) = await outbox.RedeliverDeadAsync(run, subscription, limit, context.RequestAborted);
        return Answer.Json(new { redelivered = sent, more }, StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> RedeliverAsync(string id, HttpContext context, DeliveryOutbox outbox, IRunStore runs)
    {
        var result = await outbox.RedeliverAsync(id, context.RequestAborted);
        return result switch
        {
            { Outcome: RedeliverOutcome.NotFound } or { Delivery: null } => ApiProblem.NotFound("webhook delivery", id),
            { Outcome: RedeliverOutcome.Pending, Delivery: var delivery } => IsPending(delivery),
            { Delivery: var delivery } => Answer.Json(DeliveryBody.Of(delivery, await context.SeesAddressOfAsync(delivery, runs)), StatusCodes.Status202Accepted),
        };
    }

    private static ApiProblem IsPending(DeliveryRecord delivery) => new(
        StatusCodes.Status409Conflict,
        string.Create(CultureInfo.InvariantCulture, $"The delivery is on its way; its next attempt is due at {delivery.NextAttemptAt:yyyy-MM-dd'T'HH:mm:ss'Z'}."))
    {
        Kind = "pending",
        Members = new Dictionary<string, object?> { ["next_attempt_at"] = delivery.NextAttemptAt },
    };
}
