namespace Troupe.Durable;

/// <summary>An orchestrator: deterministic code whose progress is recorded and replayed.</summary>
public interface IOrchestrator
{
    Type InputType { get; }

    Type OutputType { get; }

    Task<object?> RunAsync(OrchestrationContext context, object? input);
}

/// <inheritdoc cref="IOrchestrator"/>
public abstract class Orchestrator<TInput, TOutput> : IOrchestrator
{
    public abstract Task<TOutput> RunAsync(OrchestrationContext context, TInput input);

    Type IOrchestrator.InputType => typeof(TInput);

    Type IOrchestrator.OutputType => typeof(TOutput);

    async Task<object?> IOrchestrator.RunAsync(OrchestrationContext context, object? input) =>
        await RunAsync(context, (TInput)input!);
}
