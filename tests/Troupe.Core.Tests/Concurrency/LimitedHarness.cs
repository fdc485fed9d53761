using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Concurrency;
using Troupe.Core.Json;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Concurrency;

/// <summary>A host whose engine has no limits of its own, so that orchestrations keep them.</summary>
internal static class LimitedHarness
{
    public static Task<RunHarness> StartAsync(Action<ConcurrencyOptions> limit, Action<ScriptedAgents>? script = null) =>
        RunHarness.StartAsync(script, replace: services => Limit(services, limit));

    public static void Limit(IServiceCollection services, Action<ConcurrencyOptions> limit) => services
        .AddSingleton<IConcurrencyGate, DurableConcurrencyGate>()
        .Configure(limit);

    /// <summary>Waits until a gate says so of itself.</summary>
    public static async Task<PermitCount> UntilGateAsync(this RunHarness harness, string gate, Func<PermitCount, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var status = (await harness.Client.GetInstanceAsync(gate, getInputsAndOutputs: true, patience.Token))?.SerializedCustomStatus;
            if (status is not null && JsonSerializer.Deserialize<PermitCount>(status, TroupeJson.Options) is { } count && condition(count))
                return count;
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
