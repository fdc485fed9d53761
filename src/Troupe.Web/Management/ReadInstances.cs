using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Troupe.Durable;
using Troupe.Web.Access;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Management;

internal static class ReadInstances
{
    private const string ContinuationHeader = "x-ms-continuation-token";

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(10);

    public static async Task<IResult> GetAsync(string id, HttpContext context, IOrchestrationClient client, Urls urls)
    {
        var query = new QueryFields(context.Request);
        var showInput = query.Flag("showInput", fallback: true);
        var showHistory = query.Flag("showHistory", fallback: false);
        var showHistoryOutput = query.Flag("showHistoryOutput", fallback: false);
        var failAs500 = query.Flag("returnInternalServerErrorOnFailure", fallback: false);
        query.Close(allowUnknown: true);
        if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, context.RequestAborted) is not { } instance)
            return DurableErrors.NoInstance(id);
        var body = InstanceBody.Of(instance, showInput);

        // A status URL tells how the run stands; its history holds prompts and options.
        if (showHistory && context.Items[typeof(Identity)] is Identity { OnlyRun: null })
        {
            var history = await client.GetHistoryAsync(id, context.RequestAborted);
            body = body with { HistoryEvents = [.. history.Select(recorded => HistoryBody.Of(recorded, showHistoryOutput))] };
        }

        return Tell(context, urls, body, failAs500);
    }

    public static async Task<IResult> ListAsync(HttpContext context, IOrchestrationClient client, RunVisibility visibility)
    {
        var query = new QueryFields(context.Request);
        var wanted = new OrchestrationQuery
        {
            CreatedFrom = query.Time("createdTimeFrom"),
            CreatedTo = query.Time("createdTimeTo"),
            Statuses = query.Names<OrchestrationRuntimeStatus>("runtimeStatus"),
            InstanceIdPrefix = query.Text("instanceIdPrefix"),
            PageSize = query.Number("top", 100, 1, int.MaxValue) is var top && top > 1_000 ? 1_000 : top,
            ContinuationToken = TokenOf(context.Request),
            FetchInputsAndOutputs = true,
        };
        var showInput = query.Flag("showInput", fallback: true);
        query.Close(allowUnknown: true);
        if (await PageAsync(client, wanted, context.RequestAborted) is not { } page)
            return DurableErrors.BadRequest($"The header {ContinuationHeader} must be one that a page gave out; start again without it.");
        if (page.ContinuationToken is { } next)
            context.Response.Headers[ContinuationHeader] = next;
        var seen = await visibility.FilterAsync(
            visibility.Of(context), page.Values, static instance => RunVisibility.RunOfInstance(instance.InstanceId), context.RequestAborted);
        return Results.Json(seen.Select(instance => InstanceBody.Of(instance, showInput)), DurableJson.Options);
    }

    /// <summary>Null where the continuation token is none of the engine's.</summary>
    private static async Task<OrchestrationPage?> PageAsync(IOrchestrationClient client, OrchestrationQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetInstancesAsync(query, cancellationToken);
        }
        catch (ArgumentException) when (query.ContinuationToken is not null)
        {
            return null;
        }
    }

    /// <summary>The status answer: 202 while it goes on, 200 once it has ended.</summary>
    public static IResult Tell(HttpContext context, Urls urls, InstanceBody body, bool failAs500)
    {
        if (body.RuntimeStatus.IsTerminal())
        {
            var failed = body.RuntimeStatus == OrchestrationRuntimeStatus.Failed;
            return Results.Json(body, DurableJson.Options, statusCode: failed && failAs500 ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
        }

        context.Response.Headers.Location = urls.Instance(context, body.InstanceId, DurableBase.Of(context));
        Answer.RetryAfter(context, LookAgainAfter);
        return Results.Json(body, DurableJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    // Durable Functions' clients send the word "null" for the first page.
    private static string? TokenOf(HttpRequest request) =>
        request.Headers[ContinuationHeader] is var token && !StringValues.IsNullOrEmpty(token) && token != "null" ? token.ToString() : null;
}
