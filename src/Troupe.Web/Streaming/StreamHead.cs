using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Troupe.Web.Streaming;

/// <summary>How every stream of server-sent events begins.</summary>
internal static class StreamHead
{
    /// <summary>Sends the head and a first comment: what stands between may hold a head back until bytes follow it.</summary>
    public static async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.WriteAsync(": open\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
