using Troupe.Durable;

namespace Troupe.Testing.Contract;

/// <summary>An engine under contract test.</summary>
public abstract class ContractEngine : IAsyncDisposable
{
    public abstract IOrchestrationClient Client { get; }

    public abstract ValueTask DisposeAsync();

    /// <summary>Starts an instance, waits for its end and returns its state with input and output.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null, StartOrchestrationOptions? options = null)
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, options);
        return await EndAsync(id);
    }

    public virtual Task<OrchestrationMetadata> EndAsync(string instanceId) =>
        Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true).WaitAsync(Patience);

    /// <summary>Waits until the state of an instance satisfies a condition.</summary>
    public async Task<OrchestrationMetadata> UntilAsync(string instanceId, Func<OrchestrationMetadata, bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var state = await Client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, patience.Token);
            if (state is not null && condition(state)) return state;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    /// <summary>How long a test waits before it is taken to hang. It bounds failures; no test depends on it.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);
}
