using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Troupe.Core.Records;

namespace Troupe.Core.Deliveries;

/// <summary>The ids of deliveries and of their orchestrations.</summary>
internal static class DeliveryIds
{
    /// <summary>The same for the same event and target, so that telling of it twice makes one delivery.</summary>
    public static string Of(RunEvent told, string target) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{told.RunId}\n{told.Sequence}\n{target}"))));

    /// <summary>The instance of one round. It is longer than a run's id may be, so that no run can take its place.</summary>
    public static string Instance(string deliveryId, int round) =>
        round == 1 ? $"dlv-{deliveryId}" : string.Create(CultureInfo.InvariantCulture, $"dlv-{deliveryId}.{round}");
}
