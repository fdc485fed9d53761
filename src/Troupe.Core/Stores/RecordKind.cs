using Troupe.Core.Deliveries;
using Troupe.Core.Records;

namespace Troupe.Core.Stores;

/// <summary>What every store has to know of a kind of record.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Place">What it is found by, which never changes.</param>
/// <param name="Number">The record with the revision given, where it carries one.</param>
public sealed record RecordKind<T>(Func<T, string> Id, Func<T, object> Place, Func<T, long, T> Number)
    where T : class;

public static class RecordKinds
{
    public static RecordKind<RunRecord> Run { get; } = new(
        static run => run.Id,
        static run => (run.Id, run.User, run.CreatedAt),
        static (run, revision) => run with { Revision = revision });

    public static RecordKind<TaskRecord> Task { get; } = new(
        static task => task.Id,
        static task => (task.Id, task.RunId, task.Ordinal),
        static (task, revision) => task with { Revision = revision });

    public static RecordKind<GateRecord> Gate { get; } = new(
        static gate => gate.Id,
        static gate => (gate.Id, gate.RunId, gate.Kind, gate.CreatedAt),
        static (gate, _) => gate);

    public static RecordKind<DeliveryRecord> Delivery { get; } = new(
        static delivery => delivery.Id,
        static delivery => (delivery.Id, delivery.RunId, delivery.CreatedAt),
        static (delivery, _) => delivery);
}
