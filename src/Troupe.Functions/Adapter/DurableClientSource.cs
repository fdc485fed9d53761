using Microsoft.DurableTask.Client;

namespace Troupe.Functions.Adapter;

/// <summary>
/// The platform's client. It comes with a binding of a function that is running, never from the container; it stays good after that
/// function has ended, and each one that comes later replaces it.
/// </summary>
public sealed class DurableClientSource
{
    private readonly TaskCompletionSource<DurableTaskClient> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile DurableTaskClient? _latest;

    /// <summary>Whether any function has brought one yet.</summary>
    public bool HasClient => _latest is not null;

    public void Use(DurableTaskClient client)
    {
        _latest = client;
        _first.TrySetResult(client);
    }

    /// <summary>The latest client; waits for the first function that brings one.</summary>
    public ValueTask<DurableTaskClient> GetAsync(CancellationToken cancellationToken) =>
        _latest is { } client ? ValueTask.FromResult(client) : new ValueTask<DurableTaskClient>(_first.Task.WaitAsync(cancellationToken));
}
