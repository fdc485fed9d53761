using Troupe.Core.Following;
using Troupe.Functions.Adapter;

namespace Troupe.Functions.Following;

/// <summary>
/// Events make those who act on them start orchestrations, so a process without the platform's client would hold events up for as long as
/// it led. One that has executed nothing yet has none: it stands by.
/// </summary>
internal sealed class ClientFollowerLease(SharedFollowerLease lease, DurableClientSource clients) : IFollowerLease
{
    public TimeSpan Gathering => lease.Gathering;

    public Task<bool> TryHoldAsync(CancellationToken cancellationToken) =>
        clients.HasClient ? lease.TryHoldAsync(cancellationToken) : Task.FromResult(false);

    public Task ReleaseAsync(CancellationToken cancellationToken) => lease.ReleaseAsync(cancellationToken);
}
