using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Troupe.Web.Errors;

namespace Troupe.Web.Safety;

/// <summary>Lets in only bodies of the type and size that the endpoint takes. A web page's forms can send none of them.</summary>
internal sealed class BodyGuard(RequestDelegate next)
{
    private static readonly string[] FormTypes = ["application/x-www-form-urlencoded", "multipart/form-data"];

    /// <summary>A body that is too long by no more than this is read to its end, so that its sender sees the answer and not a broken connection.</summary>
    private const long Excess = 16L << 20;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is RouteEndpoint endpoint && MayHaveBody(context.Request))
            Check(context, endpoint.Metadata.GetMetadata<BodyRule>() ?? BodyRule.Json);
        return next(context);
    }

    private static void Check(HttpContext context, BodyRule rule)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = rule.MaxLength + Excess;
        var type = context.Request.ContentType;
        if (type is null ? !HasBody(context) : Accepts(rule, type))
            return;
        var found = type is null ? "no Content-Type" : $"'{ApiProblem.Shorten(type)}'";
        throw new ApiException(new ApiProblem(rule.Refusal, $"Expected a body of the type {string.Join(" or ", rule.MediaTypes)}; found {found}.")
        {
            Kind = "content-type",
        });
    }

    private static bool Accepts(BodyRule rule, string contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var found) || !IsUtf8(found))
            return false;
        return rule.MediaTypes.Any(wanted => wanted == "*/*"
            ? !FormTypes.Contains(found.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            : found.MediaType.Equals(wanted, StringComparison.OrdinalIgnoreCase)
                || (wanted == "application/json" && IsJsonSuffix(found)));
    }

    private static bool IsJsonSuffix(MediaTypeHeaderValue found) =>
        found.Type.Equals("application", StringComparison.OrdinalIgnoreCase) && found.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);

    private static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Charset.HasValue || type.Charset.Value.Trim('"').ToUpperInvariant() is "UTF-8" or "UTF8" or "US-ASCII";

    private static bool MayHaveBody(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method) || HttpMethods.IsPatch(request.Method);

    private static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? context.Request.ContentLength is null or > 0;
}
