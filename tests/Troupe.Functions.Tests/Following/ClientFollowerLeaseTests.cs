using Microsoft.DurableTask.Client;
using Moq;
using Troupe.Core.Executors;
using Troupe.Core.Following;
using Troupe.Core.Records;
using Troupe.Functions.Adapter;
using Troupe.Functions.Following;

namespace Troupe.Functions.Tests.Following;

public sealed class ClientFollowerLeaseTests
{
    [Fact]
    public async Task TryHold_BeforeAnyFunctionBroughtAClient_LeavesTheLeaseToOthers()
    {
        var settings = new Mock<ISettingStore>(MockBehavior.Strict);
        settings.Setup(store => store.GetAsync("lease", "event-follower", default)).ReturnsAsync((Setting?)null);
        settings.Setup(store => store.TryAddAsync("lease", "event-follower", It.IsAny<string>(), default)).ReturnsAsync(true);
        using var shared = new SharedFollowerLease(settings.Object, ExecutorIdentity.Create(), TimeProvider.System);
        var clients = new DurableClientSource();
        var lease = new ClientFollowerLease(shared, clients);

        Assert.False(await lease.TryHoldAsync(default));
        settings.VerifyNoOtherCalls();

        clients.Use(new Mock<DurableTaskClient>("client").Object);
        Assert.True(await lease.TryHoldAsync(default));
    }
}
