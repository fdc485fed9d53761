using System.Text.Json;
using Troupe.Core.Json;
using Troupe.Durable;
using Platform = Microsoft.DurableTask;

namespace Troupe.Functions.Adapter;

/// <summary>Runs the orchestrator that an orchestrator function stands for.</summary>
public sealed class OrchestratorRunner(DurableTaskRegistry registry, IServiceProvider services)
{
    public Task<object?> RunAsync(Platform.TaskOrchestrationContext platform)
    {
        var context = new PlatformContext(platform, registry);
        var orchestrator = Create(context.Name, context.Version);
        var input = platform.GetInput<JsonElement?>();
        return orchestrator.RunAsync(context, input?.Deserialize(orchestrator.InputType, TroupeJson.Options) ?? Nothing(orchestrator.InputType));
    }

    private IOrchestrator Create(string name, string version)
    {
        if (registry.Orchestrators.TryGetValue((name, version), out var factory))
            return factory(services);
        throw new OrchestratorNotRegisteredException($"{name}' of version '{version}");
    }

    /// <summary>What an instance without an input sees: the default of the input's type.</summary>
    private static object? Nothing(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;
}
