using Azure.Core;
using Azure.Identity;

namespace Troupe.Functions.Tests.Models;

/// <summary>An identity with one token; with none, an environment that has no identity.</summary>
internal sealed class ScriptedCredential(string? token) : TokenCredential
{
    public List<string> Scopes { get; } = [];

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Scopes.AddRange(requestContext.Scopes);
        return token is null ? throw new CredentialUnavailableException("There is no identity here.") : new AccessToken(token, DateTimeOffset.MaxValue);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
