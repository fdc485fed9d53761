using Troupe.Durable;

namespace Troupe.Testing.Contract;

/// <summary>An orchestrator that is a lambda.</summary>
public sealed class DelegateOrchestrator<TInput, TOutput>(Func<OrchestrationContext, TInput, Task<TOutput>> run) : Orchestrator<TInput, TOutput>
{
    public override Task<TOutput> RunAsync(OrchestrationContext context, TInput input) => run(context, input);
}

/// <summary>An activity that is a lambda.</summary>
public sealed class DelegateActivity<TInput, TOutput>(Func<ActivityContext, TInput, Task<TOutput>> run) : Activity<TInput, TOutput>
{
    public override Task<TOutput> RunAsync(ActivityContext context, TInput input) => run(context, input);
}

public static class DelegateRegistration
{
    public static DurableTaskRegistry Orchestrator<TInput, TOutput>(
        this DurableTaskRegistry registry, string name, Func<OrchestrationContext, TInput, Task<TOutput>> run, string version = "") =>
        registry.AddOrchestrator(name, version, _ => new DelegateOrchestrator<TInput, TOutput>(run));

    public static DurableTaskRegistry Activity<TInput, TOutput>(
        this DurableTaskRegistry registry, string name, Func<ActivityContext, TInput, Task<TOutput>> run) =>
        registry.AddActivity(name, _ => new DelegateActivity<TInput, TOutput>(run));

    public static DurableTaskRegistry Activity<TInput, TOutput>(
        this DurableTaskRegistry registry, string name, Func<TInput, TOutput> run) =>
        registry.AddActivity(name, _ => new DelegateActivity<TInput, TOutput>((_, input) => Task.FromResult(run(input))));
}
