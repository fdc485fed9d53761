using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Troupe.Web.Hosting;

namespace Troupe.Web.Access;

/// <summary>Tokens that can be handed on with a URL: each reads one run, until it expires.</summary>
internal sealed class StatusTokens(KeyGuard guard, IOptions<TroupeWebOptions> options, TokenSigner? signer = null)
{
    public const string Parameter = "token";

    private const string Purpose = "run-status";

    /// <summary>A token for a run's URLs; null where no keys are in use, as everybody can read the run then.</summary>
    public async ValueTask<string?> MakeAsync(string runId, CancellationToken cancellationToken) =>
        signer is not null && await guard.IsOnAsync(cancellationToken)
            ? await signer.SignAsync(Purpose, runId, options.Value.StatusTokenLifetime, cancellationToken)
            : null;

    /// <summary>The run that a token reads and until when; null where it is none of ours or has expired.</summary>
    public async ValueTask<(string Run, DateTimeOffset Until)?> ReadAsync(string token, CancellationToken cancellationToken) =>
        signer is null ? null : await signer.ReadInFullAsync(Purpose, token, cancellationToken);
}

/// <summary>Marks an endpoint that a status token opens.</summary>
internal sealed record TakesStatusToken;

internal static class StatusTokenExtensions
{
    public static TBuilder TakesStatusTokens<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new TakesStatusToken());

    public static bool TakesStatusTokens(this HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<TakesStatusToken>() is not null;
}
