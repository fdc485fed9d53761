using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Troupe.Web.Safety;

/// <summary>The bodies that an endpoint takes.</summary>
/// <param name="MediaTypes">Those accepted; <c>*/*</c> for any that no plain form of a web page can send.</param>
internal sealed record BodyRule(params IReadOnlyList<string> MediaTypes)
{
    /// <summary>What an endpoint takes that says nothing.</summary>
    public static BodyRule Json { get; } = new("application/json");

    /// <summary>Bytes at most; the readers enforce it too.</summary>
    public long MaxLength { get; init; } = Troupe.Web.Json.BodyReader.MaxLength;

    /// <summary>The answer to another type. The durable management API has its own convention.</summary>
    public int Refusal { get; init; } = StatusCodes.Status415UnsupportedMediaType;
}

internal static class BodyRuleExtensions
{
    public static TBuilder TakesBody<TBuilder>(this TBuilder endpoint, BodyRule rule)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(rule);
}
