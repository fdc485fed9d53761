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

/// <summary>Microsoft's in-process host can neither rewind nor tell histories: those two mappings have tests of their own.</summary>
[Collection(nameof(PlatformFixture))]
public sealed class PlatformManagementTests : ManagementContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await PlatformFixture.StartAsync(registry);
}
