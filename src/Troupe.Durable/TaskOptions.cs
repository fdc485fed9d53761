namespace Troupe.Durable;

/// <summary>How an activity or a child orchestration is called.</summary>
/// <param name="Retry">How often and when the engine calls again after a failure; null for once only.</param>
public record TaskOptions(RetryPolicy? Retry = null);

/// <summary>How an activity is queued.</summary>
/// <param name="Retry">As in <see cref="TaskOptions"/>.</param>
/// <param name="Priority">Order in the embedded engine's queue. Durable Functions has no priorities and ignores it.</param>
/// <param name="ConcurrencyKey">Calls with one key share that key's limit (embedded engine; ignored elsewhere).</param>
public sealed record ActivityOptions(
    RetryPolicy? Retry = null,
    ActivityPriority Priority = ActivityPriority.Normal,
    string? ConcurrencyKey = null) : TaskOptions(Retry);

/// <summary>How a child orchestration is called.</summary>
/// <param name="Retry">As in <see cref="TaskOptions"/>.</param>
/// <param name="InstanceId">The child's id; one is made from the parent's where it is null.</param>
/// <param name="Version">The child's version; the parent's where it is null.</param>
public sealed record SubOrchestrationOptions(
    RetryPolicy? Retry = null,
    string? InstanceId = null,
    string? Version = null) : TaskOptions(Retry);

/// <summary>Higher ones are taken first; waiting raises a call, so that low ones never starve.</summary>
public enum ActivityPriority
{
    Low = -1,
    Normal = 0,
    High = 1,
}
