using System.Net;

namespace Troupe.Core.Http;

/// <summary>Decides which addresses may be called.</summary>
internal sealed class AddressPolicy
{
    private readonly string[] _hosts;
    private readonly IPNetwork[] _networks;

    public AddressPolicy(OutgoingOptions options)
    {
        _hosts = [.. options.AllowHosts.Select(Normal)];
        _networks = [.. options.AllowNetworks.Select(static text =>
            TryParseNetwork(text, out var network) ? network : throw new ArgumentException($"'{text}' is no network.", nameof(options)))];
    }

    /// <summary>What must be so before anything is resolved: an http or https address without credentials.</summary>
    /// <exception cref="OutgoingRefusedException">It is not.</exception>
    public static void Check(Uri? url)
    {
        if (url is not { IsAbsoluteUri: true } || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            throw new OutgoingRefusedException("Only absolute http and https addresses are called.");
        if (url.UserInfo.Length > 0)
            throw new OutgoingRefusedException("The address carries a user name or password, which is refused. Leave it out.");
    }

    /// <summary>The addresses of a host that may be connected to, in the order given.</summary>
    /// <exception cref="OutgoingRefusedException">There is none among them.</exception>
    public IPAddress[] Choose(string host, IReadOnlyList<IPAddress> addresses)
    {
        var allowed = Allows(host) ? [.. addresses] : addresses.Where(Allows).ToArray();
        if (allowed.Length > 0)
            return allowed;
        var found = addresses.Count == 0 ? "no address" : $"a {SpecialNetworks.NameOf(addresses[0])} address";
        throw new OutgoingRefusedException(
            $"The host '{host}' has {found}, which is refused. Where it is to be called, the administrator allows it: "
            + $"the host in {OutgoingOptions.Section}:AllowHosts, or its network in {OutgoingOptions.Section}:AllowNetworks.");
    }

    /// <summary>Reads a network such as <c>10.1.0.0/16</c>, or a single address.</summary>
    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
            return true;
        if (!IPAddress.TryParse(text, out var address) || !text.AsSpan().ContainsAny('.', ':'))
            return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    private bool Allows(string host)
    {
        host = Normal(host);
        return Array.Exists(_hosts, allowed => allowed.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(allowed[1..], StringComparison.Ordinal)
            : host == allowed);
    }

    private bool Allows(IPAddress address)
    {
        var plain = SpecialNetworks.Plain(address);
        return SpecialNetworks.NameOf(plain) is null || Array.Exists(_networks, network => network.Contains(plain));
    }

    private static string Normal(string host) => host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
}
