using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Launching;
using Troupe.Web.Access;
using Troupe.Web.Catalogs;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Safety;

namespace Troupe.Web.Launching;

/// <summary>Launches: answered as soon as they are durable (A1, A2, A4).</summary>
internal static class LaunchEndpoints
{
    private static readonly BodyRule BatchBody = BodyRule.Json with { MaxLength = BodyReader.MaxBatchLength };

    public static void MapLaunches(this IEndpointRouteBuilder api)
    {
        Map(api, "/tasks", BodyRule.Json, LaunchFields.Task);
        Map(api, "/workflows", BodyRule.Json, LaunchFields.Workflow);
        Map(api, "/batches", BatchBody, LaunchFields.Batch);
        api.MapPost("/workflows/validate", Checks.ValidateAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing).TakesBody(DefinitionEndpoints.YamlOrJson);
        api.MapPost("/workflows/estimate", Checks.EstimateAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing);
    }

    private static void Map(IEndpointRouteBuilder api, string path, BodyRule body, Func<JsonFields, Launch> bind) => api
        .MapPost(path, (HttpContext context, RunLauncher launcher, Urls urls, StatusTokens tokens) => LaunchAsync(context, launcher, urls, tokens, body.MaxLength, bind))
        .RequireRole(Roles.Operator)
        .Shows(RunScope.Nothing)
        .TakesBody(body)
        .RequireRateLimiting(Limits.Launches);

    private static async Task<IResult> LaunchAsync(
        HttpContext context, RunLauncher launcher, Urls urls, StatusTokens tokens, long maxLength, Func<JsonFields, Launch> bind)
    {
        var body = await JsonRequest.ReadAsync(context.Request, maxLength);
        var launch = body.Bind(bind);
        var launched = await launcher.LaunchAsync(launch, context.Caller(), IdempotencyHeader.Of(context.Request, body), context.RequestAborted);
        var token = launched.Run is { } run ? await tokens.MakeAsync(run.Id, context.RequestAborted) : null;
        return launch is WorkflowLaunch ? LaunchAnswer.OfWorkflow(context, urls, launched, token) : LaunchAnswer.Of(context, urls, launched, token);
    }
}
