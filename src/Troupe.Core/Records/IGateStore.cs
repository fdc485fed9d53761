namespace Troupe.Core.Records;

/// <summary>Approval and callback gates, and the callbacks received.</summary>
public interface IGateStore
{
    /// <summary>Inserts the gate with its events, or returns the one that exists.</summary>
    Task<GateRecord> CreateIfAbsentAsync(GateRecord gate, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken);

    Task<GateRecord?> GetAsync(string gateId, CancellationToken cancellationToken);

    /// <summary>Changes a gate and appends events to its run's log, by the rules of <see cref="Change{T}"/>.</summary>
    Task<GateRecord?> UpdateAsync(string gateId, Change<GateRecord> change, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<Page<GateRecord>> ListAsync(GateQuery query, CancellationToken cancellationToken);

    /// <summary>Keeps a callback. False where one of that name with that delivery id is there already.</summary>
    Task<bool> TryAddCallbackAsync(CallbackRecord callback, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken);

    /// <summary>The first callback of that name received by the run, or null.</summary>
    Task<CallbackRecord?> GetCallbackAsync(string runId, string name, CancellationToken cancellationToken);
}

public sealed record GateQuery
{
    public GateKind? Kind { get; init; }

    public GateStatus? Status { get; init; }

    public string? RunId { get; init; }

    /// <summary>Only closed ones whose orchestration has not taken the decision in.</summary>
    public bool Unacknowledged { get; init; }

    public int Limit { get; init; } = 50;

    public string? Cursor { get; init; }
}
