using Microsoft.AspNetCore.Http;
using Troupe.Core.Launching;
using Troupe.Web.Errors;

namespace Troupe.Web.Access;

/// <summary>Knows callers by what the platform says of them, else by their keys. While there are none, every caller is the user <c>local</c>, who may do everything.</summary>
internal sealed class KeyCaller(KeyGuard guard, StatusTokens tokens, FailedAttempts failures, IPlatformCaller? platform = null) : ICallerAccessor
{
    private static readonly Identity Local = new(new Caller("local"), Roles.All);

    public async ValueTask<Identity?> IdentifyAsync(HttpContext context)
    {
        if (platform?.Identify(context.Request) is { } known)
            return known;
        var shown = Credentials.Of(context.Request, context.TakesStatusTokens());
        if (!await guard.IsOnAsync(context.RequestAborted))
            return Local;
        if (shown is null)
            return null;
        return await ProveAsync(shown, context) ?? throw failures.Refuse(context);
    }

    /// <summary>What an accepted key makes of its sender.</summary>
    public static Identity Of(ApiKey key)
    {
        var roles = key.Roles.WithImplied();
        return new Identity(new Caller(key.Owner) { Groups = key.Groups, Roles = roles }, roles);
    }

    private async ValueTask<Identity?> ProveAsync(Credentials shown, HttpContext context)
    {
        switch (shown)
        {
            case Credentials.Key { Text: var text }:
                return await guard.FindAsync(text, context.RequestAborted) is { } key ? Of(key) : null;
            case Credentials.Session { Text: var text }:
                RequireOwnPage(context.Request);
                return await guard.FindBySessionAsync(text, context.RequestAborted) is { } owner ? Of(owner) : null;
            case Credentials.StatusToken { Text: var text }:
                return await tokens.ReadAsync(text, context.RequestAborted) is { } run
                    ? new Identity(new Caller("status-token") { Roles = Roles.Reader }, Roles.Reader) { OnlyRun = run }
                    : null;
            default:
                return null;
        }
    }

    // Browsers send cookies by themselves. The origin guard has refused the wrong pages; what names no page at all is no browser of today.
    private static void RequireOwnPage(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return;
        if (request.Headers.Origin.Count == 0 && request.Headers["Sec-Fetch-Site"].Count == 0)
            throw new ApiException(new ApiProblem(StatusCodes.Status403Forbidden, "A change with a session cookie must name its origin; programs send a key as 'Authorization: Bearer …'.") { Kind = "origin" });
    }
}
