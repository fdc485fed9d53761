namespace Troupe.Durable;

/// <summary>What an activity is told about its call.</summary>
/// <param name="Name">The registered name of the activity.</param>
/// <param name="InstanceId">The orchestration that called it.</param>
/// <param name="CancellationToken">Cancelled when the host shuts down or, on the embedded engine, the instance is terminated.</param>
public sealed record ActivityContext(string Name, string InstanceId, CancellationToken CancellationToken);
