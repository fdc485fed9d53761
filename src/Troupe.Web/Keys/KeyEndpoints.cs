using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core;
using Troupe.Core.Launching;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Views;

namespace Troupe.Web.Keys;

/// <summary>Keys: made, listed, revoked (S1). A key never changes; make another and revoke it.</summary>
internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        api.MapGet("/keys", ListAsync).RequireRole(Roles.Admin);
        api.MapPost("/keys", CreateAsync).RequireRole(Roles.Admin);
        api.MapGet("/keys/{id}", GetAsync).RequireRole(Roles.Admin);
        api.MapDelete("/keys/{id}", RevokeAsync).RequireRole(Roles.Admin);
    }

    private static async Task<IResult> ListAsync(HttpContext context, KeyRing ring)
    {
        var query = new QueryFields(context.Request);
        var revokedToo = query.Flag("revoked", fallback: false);
        query.Close();
        var keys = await ring.ListAsync(revokedToo, context.RequestAborted);
        return Answer.Json(new PageBody<KeyBody>([.. keys.Select(KeyBody.Of)], null));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, IKeyStore keys) =>
        await keys.GetAsync(id, context.RequestAborted) is { SessionOf: null } key ? Answer.Json(KeyBody.Of(key)) : ApiProblem.NotFound("key", id);

    private static async Task<IResult> CreateAsync(HttpContext context, KeyRing ring, Urls urls)
    {
        var caller = context.Caller();
        var wanted = (await JsonRequest.ReadAsync(context.Request)).Bind(fields => Bind(fields, caller));
        if (wanted.Check() is { Count: > 0 } problems)
            return ApiProblem.Invalid("The key", problems);
        try
        {
            var (key, text) = await ring.CreateAsync(wanted, caller, context.RequestAborted);
            context.Response.Headers.Location = $"{urls.Root(context)}/keys/{key.Id}";
            return Answer.Json(KeyBody.Of(key) with { Key = text }, StatusCodes.Status201Created);
        }
        catch (KeyLimitException limit)
        {
            return new ApiProblem(StatusCodes.Status409Conflict, limit.Message) { Kind = "too-many-keys" };
        }
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext context, KeyRing ring) =>
        await ring.RevokeAsync(id, context.Caller(), context.RequestAborted) is null ? ApiProblem.NotFound("key", id) : TypedResults.NoContent();

    private static NewKey Bind(JsonFields fields, Caller caller) => new()
    {
        Name = fields.RequiredText("name"),
        Roles = RolesOf(fields),
        Owner = fields.Text("owner") ?? caller.User,
        Groups = fields.TextList("groups") ?? [],
        Expires = ExpiryOf(fields),
    };

    private static Roles RolesOf(JsonFields fields)
    {
        var roles = Roles.None;
        foreach (var word in fields.TextList("roles") ?? [])
        {
            if (RolesExtensions.TryParse(word, out var role))
                roles |= role;
            else
                fields.Report("roles", $"Expected reader, operator, approver or admin; found '{ApiProblem.Shorten(word)}'.");
        }

        return roles;
    }

    private static TimeSpan? ExpiryOf(JsonFields fields)
    {
        if (fields.Text("expires") is not { } text)
            return null;
        if (Duration.TryParse(text, out var life))
            return life;
        fields.Report("expires", $"Expected a duration such as 90d, at most 10 years; found '{ApiProblem.Shorten(text)}'.");
        return null;
    }
}
