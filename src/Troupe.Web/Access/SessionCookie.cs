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

    /// <param name="secure">Whether browsers reach the server over https.</param>
    public static void Set(HttpContext context, string text, DateTimeOffset? expires, bool secure) =>
        context.Response.Cookies.Append(Name, text, Options(expires, secure));

    public static void Delete(HttpContext context, bool secure) => context.Response.Cookies.Delete(Name, Options(null, secure));

    private static CookieOptions Options(DateTimeOffset? expires, bool secure) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = secure,
        Path = "/",
        Expires = expires,
        IsEssential = true,
    };
}
