using System.Net;

namespace Troupe.Core.Http;

/// <param name="Status">Redirects included: they are not followed.</param>
/// <param name="RetryAfter">What the other side asked for; null where it did not, never negative.</param>
/// <param name="Body">At most as many bytes as were asked for; the rest is not read.</param>
public sealed record GuardedResponse(HttpStatusCode Status, TimeSpan? RetryAfter, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;
}
