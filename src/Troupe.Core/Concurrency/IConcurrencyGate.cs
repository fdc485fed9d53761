namespace Troupe.Core.Concurrency;

/// <summary>
/// Limits what all runs together do at once. Where the engine's queue keeps limits and priorities itself, no call needs a permit; elsewhere
/// orchestrators ask a gate for one before the call.
/// </summary>
public interface IConcurrencyGate
{
    /// <summary>The gate that has the permits for calls under a key, and is there to be asked; null where they need none.</summary>
    /// <returns>The instance id of a <see cref="ConcurrencyGateOrchestrator"/>.</returns>
    Task<string?> ForAsync(string key, CancellationToken cancellationToken);

    /// <summary>Starts gates that should be there and are not.</summary>
    Task KeepAsync(CancellationToken cancellationToken);
}
