using Troupe.Durable;
using Troupe.Testing.Contract;

namespace Troupe.Functions.Tests.Contract;

[Collection(nameof(PlatformFixture))]
public sealed class PlatformOrchestrationTests : OrchestrationContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await PlatformFixture.StartAsync(registry);
}

[Collection(nameof(PlatformFixture))]
public sealed class PlatformEventAndTimerTests : EventAndTimerContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await PlatformFixture.StartAsync(registry);
}

[Collection(nameof(PlatformFixture))]
public sealed class PlatformManagementTests : ManagementContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await PlatformFixture.StartAsync(registry);
}
