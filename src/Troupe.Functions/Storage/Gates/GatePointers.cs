using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Gates;

/// <summary>The lists that a gate stands in, newest first.</summary>
internal static class GatePointers
{
    private const string All = "gates";
    private const string Unacknowledged = "gates:unacknowledged";

    public static IReadOnlyCollection<Pointer> Of(GateRecord gate)
    {
        var place = $"{EntityKey.NewestFirst(gate.CreatedAt)}:{EntityKey.Of(gate.Id)}";
        var lists = new[] { All, OfRun(gate.RunId), OfStatus(gate.Status), OfKind(gate.Kind) }.Select(list => new Pointer(list, place));
        return [.. gate.IsUnacknowledged ? lists.Append(new Pointer(Unacknowledged, place)) : lists];
    }

    /// <summary>The list that leaves fewest to check.</summary>
    public static string Choose(GateQuery query) => query switch
    {
        { RunId: { } runId } => OfRun(runId),
        { Unacknowledged: true } => Unacknowledged,
        { Status: { } status } => OfStatus(status),
        { Kind: { } kind } => OfKind(kind),
        _ => All,
    };

    private static string OfRun(string runId) => $"gates:run:{EntityKey.Of(runId)}";

    private static string OfStatus(GateStatus status) => $"gates:status:{EnumWords<GateStatus>.Write(status)}";

    private static string OfKind(GateKind kind) => $"gates:kind:{EnumWords<GateKind>.Write(kind)}";
}
