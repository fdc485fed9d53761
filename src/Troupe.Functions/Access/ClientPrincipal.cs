using System.Text.Json;
using System.Text.Json.Serialization;

namespace Troupe.Functions.Access;

/// <summary>The caller as App Service authentication describes it in the header <c>X-MS-CLIENT-PRINCIPAL</c>.</summary>
internal sealed record ClientPrincipal(
    [property: JsonPropertyName("auth_typ")] string? Authentication,
    [property: JsonPropertyName("role_typ")] string? RoleType,
    [property: JsonPropertyName("claims")] IReadOnlyList<PrincipalClaim?>? Claims)
{
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    /// <summary>Entra ID, in the platform's words.</summary>
    private const string Entra = "aad";

    /// <summary>The long names under which the platform hands on some of the token's claims.</summary>
    private static readonly Dictionary<string, string> LongNames = new(StringComparer.Ordinal)
    {
        ["oid"] = "http://schemas.microsoft.com/identity/claims/objectidentifier",
        ["roles"] = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
        ["upn"] = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
        ["email"] = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    };

    /// <summary>Null where the header is no principal of Entra ID.</summary>
    public static ClientPrincipal? Parse(string header)
    {
        try
        {
            return JsonSerializer.Deserialize<ClientPrincipal>(Convert.FromBase64String(header)) is { Authentication: Entra, Claims: not null } principal ? principal : null;
        }
        catch (Exception failure) when (failure is FormatException or JsonException)
        {
            return null;
        }
    }

    public IEnumerable<string> AppRoles => Values("roles").Concat(Values(RoleType)).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> Groups => Values("groups");

    public string? First(string claim) => Values(claim).FirstOrDefault(static value => !string.IsNullOrWhiteSpace(value));

    private IEnumerable<string> Values(string? type) => Claims!
        .OfType<PrincipalClaim>()
        .Where(claim => type is not null && (claim.Type == type || claim.Type == LongNames.GetValueOrDefault(type)))
        .Select(static claim => claim.Value)
        .OfType<string>();
}

internal sealed record PrincipalClaim([property: JsonPropertyName("typ")] string? Type, [property: JsonPropertyName("val")] string? Value);
