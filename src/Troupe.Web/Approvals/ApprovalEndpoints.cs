using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Views;

namespace Troupe.Web.Approvals;

/// <summary>Approval gates: listed and decided (D1).</summary>
internal static class ApprovalEndpoints
{
    public static void MapApprovals(this IEndpointRouteBuilder api)
    {
        api.MapGet("/approvals", ListAsync).RequireRole(Roles.Approver);
        api.MapPost("/approvals/{id}", DecideAsync).RequireRole(Roles.Approver);
    }

    private static async Task<IResult> ListAsync(HttpContext context, IGateStore gates)
    {
        var query = new QueryFields(context.Request);
        var statuses = query.Words<GateStatus>("status");
        if (statuses?.Count > 1)
            query.Report("status", "Give one status.");
        var wanted = new GateQuery
        {
            Kind = GateKind.Approval,
            Status = statuses?.First(),
            RunId = query.Text("workflow_id"),
            Limit = query.Number("limit", 50, 1, 500),
            Cursor = query.Text("cursor"),
        };
        query.Close();
        return Answer.Json(PageBody<ApprovalBody>.Of(await gates.ListAsync(wanted, context.RequestAborted), ApprovalBody.Of));
    }

    private static async Task<IResult> DecideAsync(string id, HttpContext context, GateDecisions decisions)
    {
        var decision = (await JsonRequest.ReadAsync(context.Request)).Bind(Decision.Bind);
        var result = await decisions.DecideAsync(id, decision.Approved, decision.Comment, context.Caller(), context.RequestAborted);
        return result switch
        {
            { Outcome: DecisionOutcome.NotFound } or { Gate: null } => ApiProblem.NotFound("approval", id),
            { Outcome: DecisionOutcome.Closed, Gate: var gate } => IsClosed(gate),
            { Gate: var gate } => Answer.Json(ApprovalBody.Of(gate)),
        };
    }

    private static ApiProblem IsClosed(GateRecord gate) => new(
        StatusCodes.Status409Conflict, $"The approval is closed: {gate.ClosedBy ?? "the time limit"} made it {gate.Status.ToString().ToLowerInvariant()}.")
    {
        Kind = "closed",
        Members = new Dictionary<string, object?> { ["closed_by"] = gate.ClosedBy, ["closed_at"] = gate.ClosedAt, ["approval_status"] = gate.Status },
    };

    private sealed record Decision(bool Approved, string? Comment)
    {
        public static Decision Bind(JsonFields fields)
        {
            var word = fields.RequiredText("decision");
            if (word.Length > 0 && word is not ("approve" or "reject"))
                fields.Report("decision", "Expected approve or reject.");
            return new Decision(word == "approve", fields.Text("comment"));
        }
    }
}
