using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Notifications;
using Troupe.Web.Access;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Notifications;

/// <summary>What the caller wants to be told of, and how (D4).</summary>
internal static class PreferenceEndpoints
{
    public static void MapPreferences(this IEndpointRouteBuilder api)
    {
        api.MapGet("/notification-preferences", GetAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing);
        api.MapPut("/notification-preferences", PutAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing);
    }

    private static async Task<IResult> GetAsync(HttpContext context, PreferenceBook book)
    {
        new QueryFields(context.Request).Close();
        return Answer.Json(PreferenceBody.Of(await book.GetAsync(context.Caller().User, context.RequestAborted)));
    }

    private static async Task<IResult> PutAsync(HttpContext context, PreferenceBook book)
    {
        var preferences = (await JsonRequest.ReadAsync(context.Request)).Bind(PreferenceBody.Bind);
        await book.PutAsync(context.Caller().User, preferences, context.RequestAborted);
        return Answer.Json(PreferenceBody.Of(preferences));
    }
}
