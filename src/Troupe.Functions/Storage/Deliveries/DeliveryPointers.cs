using Troupe.Core.Deliveries;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Deliveries;

/// <summary>The lists that a delivery stands in, newest first.</summary>
internal static class DeliveryPointers
{
    private const string All = "deliveries";

    public static IReadOnlyCollection<Pointer> Of(DeliveryRecord delivery)
    {
        var place = $"{EntityKey.NewestFirst(delivery.CreatedAt)}:{EntityKey.Of(delivery.Id)}";
        return [new(All, place), new(OfRun(delivery.RunId), place), new(OfStatus(delivery.Status), place)];
    }

    /// <summary>The list that leaves fewest to check.</summary>
    public static string Choose(DeliveryQuery query) => query switch
    {
        { RunId: { } runId } => OfRun(runId),
        { Status: { } status } => OfStatus(status),
        _ => All,
    };

    private static string OfRun(string runId) => $"deliveries:run:{EntityKey.Of(runId)}";

    private static string OfStatus(DeliveryStatus status) => $"deliveries:status:{EnumWords<DeliveryStatus>.Write(status)}";
}
