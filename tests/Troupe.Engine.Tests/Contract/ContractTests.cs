using Troupe.Durable;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Contract;

public sealed class SqliteOrchestrationContractTests : OrchestrationContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await EngineFixture.StartAsync(registry);
}

public sealed class InMemoryOrchestrationContractTests : OrchestrationContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await EngineFixture.StartAsync(registry, inMemory: true);
}
