using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Safety;

namespace Troupe.Web.Catalogs;

/// <summary>Workflow definitions: listed, read, put (YAML or JSON) and deleted by name.</summary>
internal static class DefinitionEndpoints
{
    public static readonly BodyRule YamlOrJson = new("application/yaml", "application/x-yaml", "text/yaml", "application/json");

    public static void MapDefinitions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/definitions", ListAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing);
        api.MapGet("/definitions/{name}", GetAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing);
        api.MapPut("/definitions/{name}", PutAsync).RequireRole(Roles.Admin).TakesBody(YamlOrJson);
        api.MapDelete("/definitions/{name}", DeleteAsync).RequireRole(Roles.Admin);
    }

    private static async Task<IResult> ListAsync(HttpContext context, IWorkflowCatalog workflows)
    {
        new QueryFields(context.Request).Close();
        var all = await workflows.ListAsync(context.RequestAborted);
        return Answer.Json(new CatalogPage<DefinitionBody>([.. all.Select(DefinitionBody.Of)], [.. workflows.Problems.Select(ProblemBody.Of)]));
    }

    private static async Task<IResult> GetAsync(string name, HttpContext context, IWorkflowCatalog workflows) =>
        await workflows.FindAsync(name, context.RequestAborted) is { } source
            ? Answer.Json(DefinitionBody.Of(source) with { Text = source.Text })
            : ApiProblem.NotFound("workflow definition", name);

    private static async Task<IResult> PutAsync(string name, HttpContext context, IDocumentStore documents, Urls urls)
    {
        var text = await DocumentText.ReadAsync(name, context.Request);
        var (definition, problems) = DefinitionReader.Read(text, file: null);
        if (definition is null || problems.Count > 0)
            return ApiProblem.Invalid($"The definition '{name}'", problems);
        if (definition.Name != name)
            return ApiProblem.Invalid($"The definition '{name}'", [new Problem($"It names itself '{definition.Name}'; put it under that name.", "/name")]);
        var document = await documents.PutAsync(DocumentKinds.Definition, name, text, context.Caller().User, context.RequestAborted);
        return PutBody.Answer(context, document, $"{urls.Root(context)}/definitions/{Urls.Segment(name)}");
    }

    private static async Task<IResult> DeleteAsync(string name, HttpContext context, IDocumentStore documents) =>
        await documents.DeleteAsync(DocumentKinds.Definition, name, context.Caller().User, context.RequestAborted)
            ? TypedResults.NoContent()
            : ApiProblem.NotFound("workflow definition put by API", name);
}
