using Microsoft.Extensions.DependencyInjection;
using Troupe.Durable;
using Troupe.Engine.Replay;

namespace Troupe.Core.Tests.Histories;

/// <summary>The orchestrators as a host registers them today.</summary>
internal static class Product
{
    private static readonly DurableTaskRegistry Registry = new DurableTaskRegistry().AddTroupe();

    public static IEnumerable<string> Orchestrators => Registry.Orchestrators.Keys.Select(static key => key.Name);

    /// <summary>The code that an instance goes on with.</summary>
    public static IOrchestrator Orchestrator(ExecutionIdentity identity) =>
        Registry.Orchestrators[(identity.Name, identity.Version)](new ServiceCollection().BuildServiceProvider());
}
