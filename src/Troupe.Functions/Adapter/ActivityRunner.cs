using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Troupe.Durable;

namespace Troupe.Functions.Adapter;

/// <summary>
/// Runs the activity that an activity function stands for. Activities are created once, as on the embedded engine; and as there, one that
/// its stores fail waits for them and begins again.
/// </summary>
public sealed partial class ActivityRunner(
    DurableTaskRegistry registry,
    IServiceProvider services,
    DurableClientSource clients,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ActivityRunner> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, IActivity> _activities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Runs it, and keeps the client that comes with it. Where functions scale in groups, an instance of this one gets no other.
    /// </summary>
    public Task<TOutput> RunAsync<TInput, TOutput>(TInput input, DurableTaskClient client, FunctionContext function)
    {
        clients.Use(client);
        return RunAsync<TInput, TOutput>(input, function);
    }

    public async Task<TOutput> RunAsync<TInput, TOutput>(TInput input, FunctionContext function)
    {
        var name = function.FunctionDefinition.Name;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(function.CancellationToken, lifetime.ApplicationStopping);
        var context = new ActivityContext(name, InstanceOf(function), stop.Token);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return (TOutput)(await Find(name).RunAsync(context, input))!;
            }
            catch (StoreUnavailableException unavailable) when (!stop.IsCancellationRequested)
            {
                LogWaits(logger, name, context.InstanceId, pause, unavailable.Reason);
                await Task.Delay(pause, time, stop.Token);
            }
        }
    }

    private IActivity Find(string name) => _activities.GetOrAdd(name, static (name, runner) => runner.Create(name), this);

    private IActivity Create(string name) => registry.Activities.TryGetValue(name, out var factory)
        ? factory(services)
        : throw new InvalidOperationException($"No activity named '{name}' is registered.");

    private static string InstanceOf(FunctionContext function) =>
        function.BindingContext.BindingData.TryGetValue("instanceId", out var id) && id is string text ? text.Trim('"') : "";

    [LoggerMessage(Level = LogLevel.Warning, Message = "Activity {Activity} of {InstanceId} begins again in {Pause}: {Reason}")]
    private static partial void LogWaits(ILogger logger, string activity, string instanceId, TimeSpan pause, string reason);
}
