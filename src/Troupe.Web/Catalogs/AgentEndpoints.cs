using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Safety;

namespace Troupe.Web.Catalogs;

/// <summary>Agents: listed and read by name or path, put and deleted by name.</summary>
internal static class AgentEndpoints
{
    private static readonly BodyRule Markdown = new("text/markdown");

    public static void MapAgents(this IEndpointRouteBuilder api)
    {
        api.MapGet("/agents", ListAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing);
        api.MapGet("/agents/{**name}", GetAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing);
        api.MapPut("/agents/{name}", PutAsync).RequireRole(Roles.Admin).TakesBody(Markdown);
        api.MapDelete("/agents/{name}", DeleteAsync).RequireRole(Roles.Admin);
    }

    private static async Task<IResult> ListAsync(HttpContext context, IAgentCatalog agents)
    {
        new QueryFields(context.Request).Close();
        var all = await agents.ListAsync(context.RequestAborted);
        return Answer.Json(new CatalogPage<AgentBody>([.. all.Select(AgentBody.Of)], [.. agents.Problems.Select(ProblemBody.Of)]));
    }

    private static async Task<IResult> GetAsync(string name, HttpContext context, IAgentCatalog agents) =>
        await agents.FindAsync(Slashes(name), context.RequestAborted) is { } agent
            ? Answer.Json(AgentBody.InFull(agent))
            : ApiProblem.NotFound("agent", name);

    private static async Task<IResult> PutAsync(string name, HttpContext context, IAgentCatalog agents, IDocumentStore documents, Urls urls)
    {
        var text = await DocumentText.ReadAsync(name, context.Request);
        var (agent, problems) = agents.Read(name, text);
        if (agent is null || problems.Count > 0)
            return ApiProblem.Invalid($"The agent '{name}'", problems);
        if (!string.Equals(agent.Name, name, StringComparison.OrdinalIgnoreCase))
            return ApiProblem.Invalid($"The agent '{name}'", [new Problem($"The file names the agent '{ApiProblem.Shorten(agent.Name)}'; put it under that name.", "/name")]);
        var document = await documents.PutAsync(DocumentKinds.Agent, name, text, context.Caller().User, context.RequestAborted);
        return PutBody.Answer(context, document, $"{urls.Root(context)}/agents/{Urls.Segment(name)}");
    }

    private static async Task<IResult> DeleteAsync(string name, HttpContext context, IDocumentStore documents) =>
        await documents.DeleteAsync(DocumentKinds.Agent, name, context.Caller().User, context.RequestAborted)
            ? TypedResults.NoContent()
            : ApiProblem.NotFound("agent put by API", name);

    // The router leaves an escaped slash escaped.
    private static string Slashes(string path) => path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
