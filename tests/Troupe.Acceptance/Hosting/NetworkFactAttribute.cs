using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Troupe.Acceptance.Hosting;

/// <summary>Skipped, with the reason, where the machine has no address but the loopback ones.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = Addresses.Count == 0 ? "Needs an IPv4 address of the machine that is no loopback one." : null;

    /// <summary>The machine's own IPv4 addresses without the loopback ones.</summary>
    public static IReadOnlyList<string> Addresses { get; } =
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(static one => one.OperationalStatus == OperationalStatus.Up && one.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(static one => one.GetIPProperties().UnicastAddresses)
            .Select(static one => one.Address)
            .Where(static address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
            .Select(static address => address.ToString())
            .Distinct(StringComparer.Ordinal),
    ];
}
