using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Approvals;
using Troupe.Core.Records;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Safety;

namespace Troupe.Web.Approvals;

/// <summary>Links that carry one decision (D1). Opening one shows a page and changes nothing; its button decides.</summary>
internal static class LinkEndpoints
{
    private static readonly BodyRule Form = new("application/x-www-form-urlencoded") { MaxLength = 16 << 10 };

    public static void MapApprovalLinks(this IEndpointRouteBuilder api)
    {
        api.MapPost("/approvals/{id}/links", CreateAsync).RequireRole(Roles.Approver);
        api.MapGet("/approvals/link", ShowAsync).RequireRole(Roles.None);
        api.MapPost("/approvals/link", UseAsync).RequireRole(Roles.None).TakesBody(Form);
    }

    private static async Task<IResult> CreateAsync(
        string id, HttpContext context, ApprovalLinks links, IGateStore gates, Urls urls, TimeProvider time)
    {
        var wanted = (await JsonRequest.ReadOptionalAsync(context.Request)).Bind(Wanted.Bind);
        var (caller, cancellation) = (context.Caller(), context.RequestAborted);
        if (await gates.GetAsync(id, cancellation) is not { Kind: GateKind.Approval } gate)
            return ApiProblem.NotFound("approval", id);
        if (!gate.MayBeDecidedBy(caller))
            return Refusals.NotAllowed(gate);
        if (gate.Status != GateStatus.Pending)
            return Refusals.IsClosed(gate);
        var approve = await links.CreateAsync(id, approves: true, caller, wanted.Life, cancellation);
        var reject = await links.CreateAsync(id, approves: false, caller, wanted.Life, cancellation);
        return approve is null || reject is null
            ? Refusals.IsClosed(gate)
            : Answer.Json(new LinksBody(id, caller.User, urls.At(context, approve), urls.At(context, reject), time.GetUtcNow() + wanted.Life), StatusCodes.Status201Created);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, ApprovalLinks links) =>
        new LinkPage(await links.ReadAsync(TokenOf(context.Request), context.RequestAborted), IsUsed: false);

    private static async Task<IResult> UseAsync(HttpContext context, ApprovalLinks links)
    {
        // The form has nothing but its button; what it sends is read to its end and left.
        await BodyReader.ReadAsync(context.Request, Form.MaxLength);
        return new LinkPage(await links.UseAsync(TokenOf(context.Request), comment: null, context.RequestAborted), IsUsed: true);
    }

    private static string TokenOf(HttpRequest request) => request.Query["token"] is [{ } token] ? token : "";

    private sealed record LinksBody(string Id, string User, string ApproveUrl, string RejectUrl, DateTimeOffset ExpiresAt);

    private sealed record Wanted(TimeSpan Life)
    {
        public static Wanted Bind(JsonFields fields)
        {
            var text = fields.Text("expires");
            if (text is null)
                return new Wanted(ApprovalLinks.DefaultLife);
            if (Core.Duration.TryParse(text, out var life) && life >= TimeSpan.FromSeconds(1) && life <= ApprovalLinks.MaxLife)
                return new Wanted(life);
            fields.Report("expires", $"Expected a duration from 1s to {ApprovalLinks.MaxLife.TotalDays:0}d; found '{ApiProblem.Shorten(text)}'.");
            return new Wanted(ApprovalLinks.DefaultLife);
        }
    }
}
