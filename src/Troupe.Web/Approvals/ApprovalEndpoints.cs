using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Approvals;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Views;

namespace Troupe.Web.Approvals;

/// <summary>People's questions: listed with what the decider needs to know, and decided (D1).</summary>
internal static class ApprovalEndpoints
{
    private const string Pending = "pending";
    private const string Decided = "decided";

    public static void MapApprovals(this IEndpointRouteBuilder api)
    {
        api.MapGet("/approvals", ListAsync).RequireRole(Roles.Approver);
        api.MapGet("/approvals/{id}", GetAsync).RequireRole(Roles.Approver);
        api.MapGet("/approvals/{id}/prompts/{task}", PromptAsync).RequireRole(Roles.Approver);
        api.MapPost("/approvals/{id}", DecideAsync).RequireRole(Roles.Approver);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ApprovalInbox inbox, ApprovalContexts contexts, Urls urls)
    {
        var query = Query(context.Request);
        var caller = context.Caller();
        var page = await inbox.ListAsync(query, caller, context.RequestAborted);
        var bodies = new List<ApprovalBody>(page.Items.Count);
        foreach (var gate in page.Items)
            bodies.Add(ApprovalBody.Of(context, urls, gate, caller, await contexts.ReadAsync(gate, context.RequestAborted)));
        return Answer.Json(new PageBody<ApprovalBody>(bodies, page.Cursor));
    }

    private static InboxQuery Query(HttpRequest request)
    {
        var query = new QueryFields(request);
        var decided = string.Equals(query.Text("status"), Decided, StringComparison.OrdinalIgnoreCase);
        var statuses = decided ? null : query.Words<GateStatus>("status");
        if (statuses?.Count > 1)
            query.Report("status", $"Give one status; {Decided} is all but {Pending}.");
        var kinds = query.Words<GateKind>("kind");
        if (kinds?.Count > 1 || kinds?.First() == GateKind.Callback)
            query.Report("kind", "Give one kind that people decide.");
        var wanted = new InboxQuery
        {
            Kind = kinds?.First(),
            Status = statuses?.First(),
            Decided = decided,
            Mine = query.Flag("mine", fallback: false),
            RunId = query.Text("workflow_id"),
            Limit = query.Number("limit", 50, 1, 500),
            Cursor = query.Text("cursor"),
        };
        query.Close();
        return wanted;
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, IGateStore gates, ApprovalContexts contexts, Urls urls) =>
        await FindAsync(gates, id, context) is { } gate
            ? Answer.Json(ApprovalBody.Of(context, urls, gate, context.Caller(), await contexts.ReadAsync(gate, context.RequestAborted)))
            : ApiProblem.NotFound("approval", id);

    private static async Task<IResult> PromptAsync(string id, string task, HttpContext context, IGateStore gates, ApprovalContexts contexts) =>
        await FindAsync(gates, id, context) is not { } gate ? ApiProblem.NotFound("approval", id)
            : await contexts.PromptAsync(gate, task, context.RequestAborted) is { } next ? TypedResults.Text(next.Prompt, "text/plain; charset=utf-8")
            : ApiProblem.NotFound("task behind this approval", task);

    private static async Task<GateRecord?> FindAsync(IGateStore gates, string id, HttpContext context) =>
        await gates.GetAsync(id, context.RequestAborted) is { Kind: not GateKind.Callback } gate ? gate : null;

    private static async Task<IResult> DecideAsync(string id, HttpContext context, GateDecisions decisions, GateAnswers answers, IGateStore gates)
    {
        var request = await JsonRequest.ReadAsync(context.Request);
        if (await gates.GetAsync(id, context.RequestAborted) is { Kind: GateKind.Question })
            return AnswerRequest.Tell(await answers.AnswerAsync(id, request.Bind(AnswerRequest.Bind), context.Caller(), context.RequestAborted), context, "approval", id);
        var decision = request.Bind(DecisionRequest.Bind);
        var result = await decisions.DecideAsync(id, decision, context.Caller(), context.RequestAborted);
        return result.Gate is { } gate ? Tell(result, gate, context) : ApiProblem.NotFound("approval", id);
    }

    private static IResult Tell(DecisionResult result, GateRecord gate, HttpContext context) => result.Outcome switch
    {
        DecisionOutcome.Decided or DecisionOutcome.Repeated => Answer.Json(ApprovalBody.Of(gate, context.Caller())),
        DecisionOutcome.NotAllowed => Refusals.NotAllowed(gate),
        DecisionOutcome.Invalid => ApiProblem.Invalid("The approval", result.Problems),
        DecisionOutcome.TooLateToEdit => Refusals.TooLateToEdit(gate),
        DecisionOutcome.DecidedOtherwise => Refusals.DecidedOtherwise(gate, context.Caller()),
        DecisionOutcome.Closed => Refusals.IsClosed(gate),
        _ => ApiProblem.NotFound("approval", gate.Id),
    };
}
