using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Troupe.Web.Artifacts;

/// <summary>Sends stored bytes so that no browser ever renders or runs them: models wrote them.</summary>
internal static class Download
{
    private const string AnyType = "application/octet-stream";

    public static IResult Of(HttpContext context, Stream content, string hash, string fileName, string? mediaType = null)
    {
        var headers = context.Response.Headers;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(fileName);
        headers.ContentDisposition = disposition.ToString();
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.Stream(
            content,
            MediaTypeHeaderValue.TryParse(mediaType, out var type) ? type.ToString() : AnyType,
            entityTag: new EntityTagHeaderValue($"\"{hash}\""),
            enableRangeProcessing: content.CanSeek);
    }
}
