using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Troupe.Core.Launching;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Keys;

/// <summary>A browser's sign-in: a key for a cookie that no script can read, as its event streams cannot send headers.</summary>
internal static class SessionEndpoints
{
    public static void MapSession(this IEndpointRouteBuilder api)
    {
        api.MapGet("/session", GetAsync).RequireRole(Roles.Reader).Shows(RunScope.Nothing);
        api.MapPost("/session", OpenAsync).RequireRole(Roles.None);
        api.MapDelete("/session", CloseAsync).RequireRole(Roles.None);
    }

    private static async Task<IResult> GetAsync(HttpContext context, KeyGuard guard) =>
        Answer.Json(SessionBody.Of(context.Caller(), await guard.IsOnAsync(context.RequestAborted), null));

    private static async Task<IResult> OpenAsync(
        HttpContext context, KeyGuard guard, KeyRing ring, FailedAttempts failures, SignIns signIns, IOptions<TroupeWebOptions> options)
    {
        var text = (await JsonRequest.ReadAsync(context.Request)).Bind(static fields => new SessionRequest(fields.RequiredText("key"))).Key;
        if (!await guard.IsOnAsync(context.RequestAborted))
            return new ApiProblem(StatusCodes.Status409Conflict, "No keys are in use here; everything is open without a session.") { Kind = "no-keys" };
        if (await guard.FindAsync(text, context.RequestAborted) is not { } key)
            throw failures.Refuse(context);
        signIns.Take(key);
        var (session, cookie) = await ring.OpenSessionAsync(key, options.Value.SessionLifetime, context.RequestAborted);
        SessionCookie.Set(context, cookie, session.ExpiresAt, IsSecure(context, options.Value));
        return Answer.Json(SessionBody.Of(KeyCaller.Of(key).Caller, true, session.ExpiresAt), StatusCodes.Status201Created);
    }

    private static async Task<IResult> CloseAsync(HttpContext context, KeyRing ring, IOptions<TroupeWebOptions> options)
    {
        if (SessionCookie.Of(context.Request) is { } text && await ring.FindSessionAsync(text, context.RequestAborted) is { } found)
            await ring.RevokeAsync(found.Session.Id, KeyCaller.Of(found.Key).Caller, context.RequestAborted);
        SessionCookie.Delete(context, IsSecure(context, options.Value));
        return TypedResults.NoContent();
    }

    // A proxy may speak https for the server.
    private static bool IsSecure(HttpContext context, TroupeWebOptions options) =>
        context.Request.IsHttps || options.PublicUrl?.Scheme == Uri.UriSchemeHttps;

    private sealed record SessionRequest(string Key);

    /// <param name="KeysInUse">Whether callers need keys.</param>
    private sealed record SessionBody(string User, IReadOnlyList<string> Roles, IReadOnlyList<string> Groups, bool KeysInUse, DateTimeOffset? ExpiresAt)
    {
        public static SessionBody Of(Caller caller, bool keysInUse, DateTimeOffset? expiresAt) =>
            new(caller.User, caller.Roles.Words(), caller.Groups, keysInUse, expiresAt);
    }
}
