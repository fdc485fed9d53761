namespace Troupe.Durable;

/// <summary>A unit of work with side effects. It runs at least once for every call that an orchestrator records.</summary>
public interface IActivity
{
    Type InputType { get; }

    Type OutputType { get; }

    Task<object?> RunAsync(ActivityContext context, object? input);
}

/// <inheritdoc cref="IActivity"/>
public abstract class Activity<TInput, TOutput> : IActivity
{
    public abstract Task<TOutput> RunAsync(ActivityContext context, TInput input);

    Type IActivity.InputType => typeof(TInput);

    Type IActivity.OutputType => typeof(TOutput);

    async Task<object?> IActivity.RunAsync(ActivityContext context, object? input) =>
        await RunAsync(context, (TInput)input!);
}
