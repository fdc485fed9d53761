namespace Troupe.Functions.Access;

/// <summary>
/// Who may call the app beside the holders of keys, the section <c>Troupe:Access</c> of the configuration. Where nothing is set here,
/// nobody could come in, and the app does not start.
/// </summary>
public sealed class AccessOptions
{
    public const string Section = "Troupe:Access";

    /// <summary>Whether callers are known by the headers that App Service authentication adds to a request. Default false.</summary>
    public bool EntraId { get; set; }

    /// <summary>The claim that names a caller. Default <c>oid</c>, which is never given to another one; <c>preferred_username</c> reads better.</summary>
    public string UserClaim { get; set; } = "oid";

    /// <summary>The app role that stands for each of Troupe's roles. Default <c>Troupe.Reader</c>, <c>Troupe.Operator</c>, <c>Troupe.Approver</c>, <c>Troupe.Admin</c>.</summary>
    public IDictionary<string, string> AppRoles { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The digest of a key with the role admin, <c>{id}:{SHA-256}</c> as <c>troupe keys hash</c> prints it, that opens the app before any
    /// key was made; never the key itself. Taking it away later does not revoke the key. Default none.
    /// </summary>
    public string? FirstKey { get; set; }

    /// <summary>Lets everyone in as the user <c>local</c> with all roles while there are no keys: for a host on a developer's own machine. Default false.</summary>
    public bool Local { get; set; }
}
