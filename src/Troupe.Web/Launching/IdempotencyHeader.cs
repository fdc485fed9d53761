using Microsoft.AspNetCore.Http;
using Troupe.Core.Launching;
using Troupe.Web.Errors;
using Troupe.Web.Json;

namespace Troupe.Web.Launching;

/// <summary>The header <c>Idempotency-Key</c> (A4).</summary>
internal static class IdempotencyHeader
{
    public const string Name = "Idempotency-Key";

    private const int MaxLength = 255;

    /// <summary>The key with the body's hash; null where no key was sent.</summary>
    public static Idempotency? Of(HttpRequest request, JsonRequest body) =>
        KeyOf(request, Name) is { } key ? new Idempotency(key, $"{request.Path}:{body.Hash}") : null;

    /// <exception cref="ApiException">400: the key is too long, or holds what is not visible ASCII.</exception>
    public static string? KeyOf(HttpRequest request, string header)
    {
        var key = request.Headers[header];
        if (key.Count == 0)
            return null;
        if (key is [{ Length: > 0 and <= MaxLength } one] && one.All(static c => c is >= '!' and <= '~'))
            return one;
        throw new ApiException(new ApiProblem(StatusCodes.Status400BadRequest, $"{header} must be one key of 1 to {MaxLength} visible ASCII characters."));
    }
}
