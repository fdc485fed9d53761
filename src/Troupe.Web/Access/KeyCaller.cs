using Microsoft.AspNetCore.Http;
using Troupe.Core.Launching;
using Troupe.Web.Errors;

namespace Troupe.Web.Access;

/// <summary>Knows callers by a key in its own header, else by what the platform says of them, else by their other keys. While there are none, every caller is the user <c>local</c>, who may do everything.</summary>
internal sealed class KeyCaller(KeyGuard guard, StatusTokens tokens, FailedAttempts failures, IPlatformCaller? platform = null) : ICallerAccessor
{
    private static readonly Identity Local = new(new Caller("local"), Roles.All);

    public async ValueTask<Identity?> IdentifyAsync(HttpContext context)
    {
        // A browser sends the platform's cookie by itself; a key is sent on purpose, and then it is what counts.
        if (!context.Request.Headers.ContainsKey(Credentials.KeyHeader) && platform?.Identify(context.Request) is { } known)
            return known;
        var shown = Credentials.Of(context.Request, context.TakesStatusTokens());
        if (await LocalAsync(context.RequestAborted) is { } local)
            return local with { AgainAsync = LocalAsync };
        if (shown is null)
            return null;
        if (shown is Credentials.Session)
            RequireOwnPage(context.Request);
        return await ProveAsync(shown, context.RequestAborted) is { } proven
            ? proven with { AgainAsync = cancellation => ProveAsync(shown, cancellation) }
            : throw failures.Refuse(context);
    }

    /// <summary>What an accepted key makes of its sender.</summary>
    public static Identity Of(ApiKey key)
    {
        var roles = key.Roles.WithImplied();
        return new Identity(new Caller(key.Owner) { Groups = key.Groups, Roles = roles }, roles) { Until = key.ExpiresAt };
    }

    /// <summary>Null once keys are in use.</summary>
    private async ValueTask<Identity?> LocalAsync(CancellationToken cancellation) => await guard.IsOnAsync(cancellation) ? null : Local;

    private async ValueTask<Identity?> ProveAsync(Credentials shown, CancellationToken cancellation) => shown switch
    {
        Credentials.Key { Text: var text } => await guard.FindAsync(text, cancellation) is { } key ? Of(key) : null,
        Credentials.Session { Text: var text } => await guard.FindSessionAsync(text, cancellation) is var (session, key) ? Of(key) with { Until = session.ExpiresAt } : null,
        Credentials.StatusToken { Text: var text } => await tokens.ReadAsync(text, cancellation) is var (run, until)
            ? new Identity(new Caller("status-token") { Roles = Roles.Reader }, Roles.Reader) { OnlyRun = run, Until = until }
            : null,
        _ => null,
    };

    // Browsers send cookies by themselves. The origin guard has refused the wrong pages; what names no page at all is no browser of today.
    private static void RequireOwnPage(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return;
        if (request.Headers.Origin.Count == 0 && request.Headers["Sec-Fetch-Site"].Count == 0)
            throw new ApiException(new ApiProblem(StatusCodes.Status403Forbidden, "A change with a session cookie must name its origin; programs send a key as 'Authorization: Bearer …' or 'X-Api-Key: …'.") { Kind = "origin" });
    }
}
