using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Troupe.Web.Errors;

namespace Troupe.Web.Access;

/// <summary>
/// Refuses wrong keys, and more shortly where an address shows many. It slows nobody who has a right key: behind one proxy all have one
/// address, and the secrets are too long to be guessed at any rate.
/// </summary>
internal sealed class FailedAttempts(TimeProvider time)
{
    /// <summary>Wrong keys that an address may show in a row.</summary>
    public const int Burst = 20;

    /// <summary>Addresses remembered at most; the rest share one account.</summary>
    public const int MaxAddresses = 10_000;

    /// <summary>One more is allowed each time.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly Allowance<IPAddress> _ofAddress = new(time, Burst, Interval, MaxAddresses, IPAddress.Any);

    /// <summary>Notes a wrong key and says how to answer it: the same whatever is wrong with it.</summary>
    public ApiException Refuse(HttpContext context)
    {
        if (Note(context.Connection.RemoteIpAddress) is { } wait)
        {
            return new ApiException(new ApiProblem(StatusCodes.Status429TooManyRequests, "Too many wrong keys from this address; try again later.")
            {
                Kind = "rate-limited",
                RetryAfter = wait,
            });
        }

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"troupe\", error=\"invalid_token\"";
        return new ApiException(new ApiProblem(StatusCodes.Status401Unauthorized, "What was sent opens nothing: it is wrong, has expired or was revoked.") { Kind = "key" });
    }

    /// <summary>How long to wait before the next wrong key would be looked at; null where this one may.</summary>
    internal TimeSpan? Note(IPAddress? address) => _ofAddress.Take(Network(address ?? IPAddress.None));

    /// <summary>One customer has a whole /64 of IPv6.</summary>
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
