using Troupe.Core.Records;

namespace Troupe.Core.Deliveries;

/// <summary>Webhooks on their way, delivered and given up.</summary>
public interface IDeliveryStore
{
    /// <summary>Inserts the delivery, or returns the one that exists.</summary>
    Task<DeliveryRecord> CreateIfAbsentAsync(DeliveryRecord delivery, CancellationToken cancellationToken);

    Task<DeliveryRecord?> GetAsync(string deliveryId, CancellationToken cancellationToken);

    /// <summary>Changes a delivery and appends events to its run's log, by the rules of <see cref="Change{T}"/>.</summary>
    Task<DeliveryRecord?> UpdateAsync(string deliveryId, Change<DeliveryRecord> change, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<Page<DeliveryRecord>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken);
}

/// <summary>Filters of a list of deliveries; null matches all.</summary>
public sealed record DeliveryQuery
{
    public DeliveryStatus? Status { get; init; }

    public string? RunId { get; init; }

    /// <summary>1 to 500, and as 500 where it is more; default 50.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>From the page before; null for the first.</summary>
    public string? Cursor { get; init; }
}
