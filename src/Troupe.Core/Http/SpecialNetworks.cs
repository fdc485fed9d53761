using System.Net;
using System.Net.Sockets;

namespace Troupe.Core.Http;

/// <summary>The networks that are not the public internet, after the special-purpose address registries of IANA.</summary>
internal static class SpecialNetworks
{
    private static readonly (IPNetwork Network, string Name)[] Version4 =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "unspecified"),
        (IPNetwork.Parse("10.0.0.0/8"), "private"),
        (IPNetwork.Parse("100.64.0.0/10"), "carrier-grade NAT"),
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),
        (IPNetwork.Parse("168.63.129.16/32"), "cloud metadata"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local"),
        (IPNetwork.Parse("172.16.0.0/12"), "private"),
        (IPNetwork.Parse("192.0.0.0/24"), "reserved"),
        (IPNetwork.Parse("192.0.2.0/24"), "documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "reserved"),
        (IPNetwork.Parse("192.168.0.0/16"), "private"),
        (IPNetwork.Parse("198.18.0.0/15"), "benchmarking"),
        (IPNetwork.Parse("198.51.100.0/24"), "documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved"),
    ];

    private static readonly (IPNetwork Network, string Name)[] Version6 =
    [
        (IPNetwork.Parse("::/128"), "unspecified"),
        (IPNetwork.Parse("::1/128"), "loopback"),
        (IPNetwork.Parse("fe80::/10"), "link-local"),
        (IPNetwork.Parse("fc00::/7"), "private"),
        (IPNetwork.Parse("fec0::/10"), "private"),
        (IPNetwork.Parse("ff00::/8"), "multicast"),
        (IPNetwork.Parse("2001::/23"), "tunnelled or reserved"),
        (IPNetwork.Parse("2001:db8::/32"), "documentation"),
        (IPNetwork.Parse("2002::/16"), "tunnelled"),
        (IPNetwork.Parse("3fff::/20"), "documentation"),
    ];

    private static readonly IPNetwork Public6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>What kind of special address it is; null for a public one.</summary>
    public static string? NameOf(IPAddress address)
    {
        address = Plain(address);
        var is4 = address.AddressFamily == AddressFamily.InterNetwork;
        foreach (var (network, name) in is4 ? Version4 : Version6)
        {
            if (network.Contains(address))
                return name;
        }

        return is4 || Public6.Contains(address) ? null : "reserved";
    }

    /// <summary>The address meant: an IPv4 one that is mapped or translated to IPv6 is taken out of it, a scope is left out.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        var plain = new IPAddress(bytes);
        return plain.IsIPv4MappedToIPv6 || Translated.Contains(plain) ? new IPAddress(bytes.AsSpan(12)) : plain;
    }
}
