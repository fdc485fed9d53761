using Troupe.Durable;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Contract;

public sealed class SqliteOrchestrationTests : OrchestrationContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await EngineFixture.StartAsync(registry);
}

public sealed class SqliteEventAndTimerTests : EventAndTimerContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await EngineFixture.StartAsync(registry);
}

public sealed class SqliteManagementTests : ManagementContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await EngineFixture.StartAsync(registry);
}

public sealed class SqliteHistoryTests : HistoryContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await EngineFixture.StartAsync(registry);
}

public sealed class SqliteEmbeddedTests : EmbeddedContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await EngineFixture.StartAsync(registry);
}

public sealed class InMemoryOrchestrationTests : OrchestrationContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await EngineFixture.StartAsync(registry, inMemory: true);
}

public sealed class InMemoryEventAndTimerTests : EventAndTimerContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await EngineFixture.StartAsync(registry, inMemory: true);
}

public sealed class InMemoryManagementTests : ManagementContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await EngineFixture.StartAsync(registry, inMemory: true);
}

public sealed class InMemoryHistoryTests : HistoryContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await EngineFixture.StartAsync(registry, inMemory: true);
}

public sealed class InMemoryEmbeddedTests : EmbeddedContract
{
    protected override async Task<ContractEngine> StartAsync(DurableTaskRegistry registry) => await EngineFixture.StartAsync(registry, inMemory: true);
}
