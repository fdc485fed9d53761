namespace Troupe.Core.Following;

/// <summary>For stores that one process has to itself, as the embedded ones are.</summary>
internal sealed class SoleFollower : IFollowerLease
{
    public Task<bool> TryHoldAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    public Task ReleaseAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
