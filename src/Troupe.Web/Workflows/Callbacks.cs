using Microsoft.AspNetCore.Http;
using Troupe.Core.Runs;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Launching;

namespace Troupe.Web.Workflows;

/// <summary>What other systems tell a run (D2). The same delivery twice counts once.</summary>
internal static class Callbacks
{
    private const string WebhookId = "webhook-id";

    public static async Task<IResult> ReceiveAsync(
        string id, string name, HttpContext context, CallbackReceiver callbacks, FailedAttempts failures, Urls urls)
    {
        if (CallbackToken.Of(context) is { } token && !await callbacks.OpensAsync(id, name, token, context.RequestAborted))
            throw failures.Refuse(context);
        var body = await JsonRequest.ReadOptionalAsync(context.Request);
        var delivery = DeliveryOf(context.Request) ?? body.Hash;
        var result = await callbacks.ReceiveAsync(id, name, delivery, body.Root.GetRawText(), context.RequestAborted);
        return result switch
        {
            CallbackResult.Accepted => Answer.Accepted(context, urls.Workflow(context, id), TimeSpan.FromSeconds(1), new CallbackBody(id, name, delivery, false)),
            CallbackResult.Duplicate => Answer.Json(new CallbackBody(id, name, delivery, true)),
            CallbackResult.RunNotFound => ApiProblem.NotFound("run", id),
            CallbackResult.UnknownName => ApiProblem.NotFound("callback in this workflow named", name),
            CallbackResult.Superseded => new ApiProblem(StatusCodes.Status409Conflict, $"The callback '{ApiProblem.Shorten(name)}' was received before by another delivery; the first one counts.") { Kind = "received-before" },
            CallbackResult.OtherBody => new ApiProblem(StatusCodes.Status409Conflict, $"The delivery '{delivery}' was received before with another body.") { Kind = "delivery-conflict" },
            _ => new ApiProblem(StatusCodes.Status410Gone, $"The run waits for the callback '{ApiProblem.Shorten(name)}' no more: it has ended, or its time was up.") { Kind = "ended" },
        };
    }

    /// <summary>As Standard Webhooks name it, or as idempotent requests do; the body's own hash where neither is sent.</summary>
    private static string? DeliveryOf(HttpRequest request) =>
        IdempotencyHeader.KeyOf(request, WebhookId) ?? IdempotencyHeader.KeyOf(request, IdempotencyHeader.Name);

    private sealed record CallbackBody(string WorkflowId, string Name, string DeliveryId, bool Duplicate);
}
