using Microsoft.AspNetCore.Http;
using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;

namespace Troupe.Web.Access;

/// <summary>
/// Addresses that people gave often hold a secret in their path or query. Those whose they are see them whole, and admins; others see
/// whom they reach.
/// </summary>
internal static class Addresses
{
    /// <summary>Whether the caller sees the addresses that a user gave. Null is for those that only admins give.</summary>
    public static bool SeesAddressesOf(this HttpContext context, string? user) => context.Identity() is { OnlyRun: null } identity
        && (identity.Roles.HasFlag(Roles.Admin) || (user is not null && identity.Caller.User == user));

    /// <summary>Whether the caller sees where a delivery goes and what came back.</summary>
    public static async Task<bool> SeesAddressOfAsync(this HttpContext context, DeliveryRecord delivery, IRunStore runs) =>
        context.SeesAddressesOf(null) || context.SeesAddressesOf(delivery switch
        {
            { SubscriptionId: not null } => null,
            { Channel: not null } => delivery.User,
            _ => (await runs.GetRunAsync(delivery.RunId, context.RequestAborted))?.User,
        });

    /// <summary>The options of a run as the caller may see them.</summary>
    public static RunOptions OptionsOf(this HttpContext context, RunRecord run) => run.Options.CallbackUrl is { } url && !context.SeesAddressesOf(run.User)
        ? run.Options with { CallbackUrl = Beginning(url) }
        : run.Options;

    /// <summary>Scheme, host and port, and <c>…</c> for all that follows.</summary>
    public static Uri Beginning(Uri url) => url.PathAndQuery.Length + url.Fragment.Length > 1
        ? new Uri(url.GetLeftPart(UriPartial.Authority) + "/…")
        : url;
}
