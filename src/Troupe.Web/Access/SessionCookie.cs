using Microsoft.AspNetCore.Http;

namespace Troupe.Web.Access;

/// <summary>The cookie that stands for a key in a browser. No script can read it, and no page of another site can make it be sent.</summary>
internal static class SessionCookie
{
    public const string Name = "troupe_session";

    /// <summary>Its text; of several cookies of the name, none counts.</summary>
    public static string? Of(HttpRequest request)
    {
        // Parsed here, because the framework takes the last of several without a word.
        string? found = null;
        foreach (var cookie in request.Headers.Cookie.SelectMany(static header => (header ?? "").Split(';', StringSplitOptions.TrimEntries)))
        {
            if (!cookie.StartsWith(Name + "=", StringComparison.Ordinal))
                continue;
            if (found is not null)
                return "";
            found = cookie[(Name.Length + 1)..];
        }

        return found;
    }

    public static void Set(HttpContext context, string text, DateTimeOffset? expires) =>
        context.Response.Cookies.Append(Name, text, Options(context, expires));

    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context, null));

    private static CookieOptions Options(HttpContext context, DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        Expires = expires,
        IsEssential = true,
    };
}
