using System.Globalization;
using Microsoft.AspNetCore.Http;
using Troupe.Web.Json;

namespace Troupe.Web.Hosting;

/// <summary>Answers in Troupe's JSON.</summary>
internal static class Answer
{
    public static IResult Json<T>(T value, int status = StatusCodes.Status200OK) =>
        TypedResults.Json(value, WebJson.Options, statusCode: status);

    /// <summary>Accepted: where to look, and when.</summary>
    public static IResult Accepted<T>(HttpContext context, string location, TimeSpan retryAfter, T value)
    {
        context.Response.Headers.Location = location;
        RetryAfter(context, retryAfter);
        return Json(value, StatusCodes.Status202Accepted);
    }

    public static void RetryAfter(HttpContext context, TimeSpan wait) =>
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
