using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Troupe.Durable;

namespace Troupe.Functions.Adapter;

/// <summary>Runs the activity that an activity function stands for. Activities are created once, as on the embedded engine.</summary>
public sealed class ActivityRunner(DurableTaskRegistry registry, IServiceProvider services, IHostApplicationLifetime lifetime)
{
    private readonly ConcurrentDictionary<string, IActivity> _activities = new(StringComparer.OrdinalIgnoreCase);

    public async Task<TOutput> RunAsync<TInput, TOutput>(TInput input, FunctionContext function)
    {
        var name = function.FunctionDefinition.Name;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(function.CancellationToken, lifetime.ApplicationStopping);
        var context = new ActivityContext(name, InstanceOf(function), stop.Token);
        return (TOutput)(await Find(name).RunAsync(context, input))!;
    }

    private IActivity Find(string name) => _activities.GetOrAdd(name, static (name, runner) => runner.Create(name), this);

    private IActivity Create(string name) => registry.Activities.TryGetValue(name, out var factory)
        ? factory(services)
        : throw new InvalidOperationException($"No activity named '{name}' is registered.");

    private static string InstanceOf(FunctionContext function) =>
        function.BindingContext.BindingData.TryGetValue("instanceId", out var id) && id is string text ? text.Trim('"') : "";
}
