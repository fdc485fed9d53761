using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Troupe.Core.Deliveries;

/// <summary>The ids of deliveries and of their orchestrations.</summary>
internal static class DeliveryIds
{
    /// <summary>The same for the same happening, so that telling of it twice makes one delivery.</summary>
    public static string Of(string runId, string? taskId, string type) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{runId}\n{taskId}\n{type}")));

    /// <summary>The instance of one round. It is longer than a run's id may be, so that no run can take its place.</summary>
    public static string Instance(string deliveryId, int round) =>
        round == 1 ? $"dlv-{deliveryId}" : string.Create(CultureInfo.InvariantCulture, $"dlv-{deliveryId}.{round}");
}
