using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Slack;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Safety;

namespace Troupe.Web.Slack;

/// <summary>What Slack calls (D5). It shows a signature instead of a key; without a signing secret the routes are not there.</summary>
internal static class SlackEndpoints
{
    /// <summary>The message that a pressed button stands in comes along.</summary>
    private const long MaxLength = 256 << 10;

    private static readonly BodyRule Form = new("application/x-www-form-urlencoded") { MaxLength = MaxLength };

    private static readonly BodyRule Json = BodyRule.Json with { MaxLength = MaxLength };

    public static void MapSlack(this IEndpointRouteBuilder api)
    {
        Map(api, "/slack/commands", SlackRequestKind.Command, Form);
        Map(api, "/slack/interactions", SlackRequestKind.Interaction, Form);
        Map(api, "/slack/events", SlackRequestKind.Event, Json);
    }

    private static void Map(IEndpointRouteBuilder api, string path, SlackRequestKind kind, BodyRule body) => api
        .MapPost(path, (Delegate)((HttpContext context) => AnswerAsync(context, kind)))
        .RequireRole(Roles.None)
        .WithMetadata(new SignedBy("slack"))
        .TakesBody(body);

    private static async Task<IResult> AnswerAsync(HttpContext context, SlackRequestKind kind)
    {
        if (context.RequestServices.GetService<ISlackApp>() is not { IsOn: true } app)
            return new ApiProblem(StatusCodes.Status404NotFound, "Slack is not configured on this server.") { Kind = "not-found" };
        var headers = context.Request.Headers;
        var body = await BodyReader.ReadAsync(context.Request, MaxLength);
        var request = new SlackRequest(kind, body, Single(headers["X-Slack-Request-Timestamp"]), Single(headers["X-Slack-Signature"]));
        var answer = await app.AnswerAsync(request, context.RequestAborted);
        return answer switch
        {
            { Outcome: SlackOutcome.NotSigned } => Refused(StatusCodes.Status401Unauthorized, "The signature is missing, wrong, too old, or was used before.", "signature"),
            { Outcome: SlackOutcome.Malformed } => Refused(StatusCodes.Status400BadRequest, "This is no request of Slack's that is known here.", "malformed"),
            { Body: { } value } => Answer.Json(value),
            _ => Results.Ok(),
        };
    }

    private static ApiProblem Refused(int status, string detail, string kind) => new(status, detail) { Kind = kind };

    private static string? Single(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 1 ? values[0] : null;
}
