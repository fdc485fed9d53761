using System.Net;

namespace Troupe.Cli.Serving;

/// <summary>Which addresses a server may listen on: loopback ones, and others where there are keys.</summary>
internal static class ListenAddress
{
    public const string Default = "http://127.0.0.1:7070";

    /// <exception cref="CommandException">It is no http address, or no IP address of this machine.</exception>
    public static Uri Check(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.PathAndQuery != "/")
            throw new CommandException(ExitCodes.Usage, $"--urls expects an address such as {Default}; found '{text}'.");
        if (!IsLoopback(url) && url.HostNameType is not (UriHostNameType.IPv4 or UriHostNameType.IPv6))
            throw new CommandException(ExitCodes.Usage, $"'{text}' names a host that can be reached from other machines; give the IP address to listen on, 0.0.0.0 for all.");
        return url;
    }

    public static bool IsLoopback(Uri url) =>
        url.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(url.IdnHost, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Why a server without keys does not listen there, and what to do.</summary>
    public static CommandException NeedsKeys(Uri url, DataFolder data) => new(
        ExitCodes.Usage,
        $"{url.GetLeftPart(UriPartial.Authority)} can be reached from other machines, and this server has no key that would tell who calls. " +
        $"Make one: troupe keys create --name admin --role admin --data {data.Path}");

    /// <summary>An address of this machine at which a server that listens there is reached from here.</summary>
    public static Uri ReachedAt(Uri listening) => IPAddress.TryParse(listening.IdnHost, out var address) switch
    {
        true when address.Equals(IPAddress.Any) => new UriBuilder(listening) { Host = IPAddress.Loopback.ToString() }.Uri,
        true when address.Equals(IPAddress.IPv6Any) => new UriBuilder(listening) { Host = $"[{IPAddress.IPv6Loopback}]" }.Uri,
        _ => listening,
    };
}
