using System.Text.Json;
using Microsoft.Extensions.Logging;
using Troupe.Core.Json;
using Troupe.Durable;
using Platform = Microsoft.DurableTask;

namespace Troupe.Functions.Adapter;

/// <summary>What Troupe's orchestrators see on Durable Functions: the platform's context, in the words of the contract.</summary>
internal sealed class PlatformContext(Platform.TaskOrchestrationContext inner, DurableTaskRegistry registry) : OrchestrationContext
{
    private static readonly TimeSpan QueueGranularity = TimeSpan.FromSeconds(1);

    public override string Name => inner.Name.Name;

    public override string InstanceId => inner.InstanceId;

    public override string? ParentInstanceId => inner.Parent?.InstanceId;

    public override string Version => inner.Version;

    public override DateTime CurrentUtcDateTime => inner.CurrentUtcDateTime;

    public override bool IsReplaying => inner.IsReplaying;

    public override T? GetInput<T>()
        where T : default => inner.GetInput<T>();

    public override Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, TaskOptions? options = null) =>
        Failures.TranslateAsync(() => inner.CallActivityAsync<TResult>(name, input, Options.OfActivity(options)));

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(string name, object? input = null, TaskOptions? options = null)
    {
        if (options is SubOrchestrationOptions { InstanceId: { } id })
            InstanceIds.Check(id);
        return Failures.TranslateAsync(() => inner.CallSubOrchestratorAsync<TResult>(name, input, Options.OfChild(options, ChildVersion(name, options))));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);

        return inner.CreateTimer(NeverEarly(fireAt), cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        // A wait that begins cancelled would still take the next event, and lose it.
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<T>(cancellationToken)
            : inner.WaitForExternalEvent<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object? payload = null) =>
        inner.SendEvent(InstanceIds.Check(instanceId), eventName, payload!);

    public override void SetCustomStatus(object? customStatus)
    {
        CustomStatusLimit.Check(JsonSerializer.Serialize(customStatus, TroupeJson.Options));
        inner.SetCustomStatus(customStatus);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        inner.ContinueAsNew(newInput, preserveUnprocessedEvents);

    public override Guid NewGuid() => inner.NewGuid();

    public override ILogger CreateReplaySafeLogger(string categoryName) => inner.CreateReplaySafeLogger(categoryName);

    /// <summary>
    /// In storage queues a timer is a message held back by whole seconds, the rest being dropped, so that it would fire up to a second
    /// early. The platform takes a time of no kind for a local one.
    /// </summary>
    private static DateTime NeverEarly(DateTime fireAt)
    {
        var utc = fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        return utc <= DateTime.MaxValue - QueueGranularity ? utc + QueueGranularity : utc;
    }

    /// <summary>The version asked for, else this one's; the newest where the child has no such version.</summary>
    private string ChildVersion(string name, TaskOptions? options)
    {
        var version = (options as SubOrchestrationOptions)?.Version ?? Version;
        return registry.Orchestrators.ContainsKey((name, version)) ? version : registry.NewestVersion(name) ?? version;
    }
}
