namespace Troupe.Durable;

/// <summary>A store that knows whether its disk takes writes. A host registers one for each of its stores.</summary>
public interface IStoreHealth
{
    /// <summary>
    /// Why the last write failed, as <see cref="StoreUnavailableException.Reason"/> says it; null where the disk took it. While writes
    /// fail, this tries a small one of its own, at most once a second; else it touches no disk.
    /// </summary>
    Task<string?> CheckWritesAsync(CancellationToken cancellationToken);
}
