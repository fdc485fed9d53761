using Microsoft.AspNetCore.Http;
using Troupe.Durable;
using Troupe.Web.Json;

namespace Troupe.Web.Management;

internal static class PurgeInstances
{
    public static Task<IResult> OneAsync(string id, HttpContext context, IOrchestrationClient client) =>
        DurableErrors.TryAsync(
            async () => await client.PurgeInstanceAsync(id, context.RequestAborted) == 0
                ? DurableErrors.NoInstance(id)
                // As in Durable Functions: the one asked for; its children go with it uncounted.
                : Deleted(1),
            wrongState: StatusCodes.Status412PreconditionFailed);

    public static async Task<IResult> ManyAsync(HttpContext context, IOrchestrationClient client)
    {
        var query = new QueryFields(context.Request);
        var from = query.Time("createdTimeFrom");
        var filter = new PurgeInstancesFilter(
            from, query.Time("createdTimeTo"), query.Names<OrchestrationRuntimeStatus>("runtimeStatus"));
        if (from is null)
            query.Report("createdTimeFrom", "It is required here, so that nothing is deleted by an oversight.");
        query.Close(allowUnknown: true);
        var deleted = await client.PurgeInstancesAsync(filter, context.RequestAborted);
        return deleted == 0
            ? new Errors.ApiProblem(StatusCodes.Status404NotFound, "No finished instance matches.") { Kind = "not-found" }
            : Deleted(deleted);
    }

    private static IResult Deleted(int count) => Results.Json(new PurgeBody(count), DurableJson.Options);

    private sealed record PurgeBody(int InstancesDeleted);
}
