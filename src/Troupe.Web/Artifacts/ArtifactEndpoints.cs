using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Troupe.Core.Artifacts;
using Troupe.Core.Runs;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Safety;

namespace Troupe.Web.Artifacts;

/// <summary>Large inputs and results, by the hash of their bytes.</summary>
internal static class ArtifactEndpoints
{
    private static readonly BodyRule Bytes = new("*/*") { MaxLength = ArtifactLimits.MaxLength };

    public static void MapArtifacts(this IEndpointRouteBuilder api)
    {
        api.MapPost("/artifacts", PutAsync).RequireRole(Roles.Operator).Shows(RunScope.Nothing).TakesBody(Bytes).RequireRateLimiting(Limits.Launches);
        api.MapGet("/artifacts/{hash}", GetAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing);
    }

    private static async Task<IResult> PutAsync(HttpContext context, IArtifactStore artifacts, Urls urls)
    {
        if (context.Request.ContentLength > ArtifactLimits.MaxLength)
            return ApiProblem.TooLarge(ArtifactLimits.MaxLength);
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type))
            return new ApiProblem(StatusCodes.Status415UnsupportedMediaType, "A Content-Type is needed; it is kept with the bytes.") { Kind = "content-type" };
        var stored = await artifacts.PutAsync(context.Request.Body, type.MediaType.ToString(), context.RequestAborted);
        var url = urls.Artifact(context, stored.Hash);
        context.Response.Headers.Location = url;
        return Answer.Json(new ArtifactBody(stored.Hash, stored.Length, stored.MediaType, url), StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetAsync(string hash, HttpContext context, IArtifactStore artifacts, PlanCache plans) =>
        (context.SeesAddressesOf(null) || !await plans.HoldsAsync(hash, context.RequestAborted))
        && await artifacts.OpenAsync(hash, context.RequestAborted) is { } content
            ? Download.Of(context, content, hash, hash)
            : ApiProblem.NotFound("artifact", hash);

    private sealed record ArtifactBody(string Hash, long Length, string MediaType, string Url);
}
