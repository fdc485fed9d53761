namespace Troupe.Core.Concurrency;

/// <summary>For engines whose own queue keeps limits and priorities, as the embedded one does.</summary>
internal sealed class QueueConcurrencyGate : IConcurrencyGate
{
    public Task<string?> ForAsync(string key, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task KeepAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
