using Troupe.Engine.Storage;

namespace Troupe.Engine.Hosting;

/// <summary>Callers that wait for instances to end.</summary>
internal sealed class CompletionWaiters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource<InstanceRecord?>> _waiting = new(StringComparer.Ordinal);
    private bool _stopped;

    /// <summary>Completes when the instance ends after this call, with its last record; with null where whoever waits has to look for it.</summary>
    public Task<InstanceRecord?> Next(string instanceId)
    {
        lock (_gate)
        {
            if (_stopped) return Task.FromException<InstanceRecord?>(Stopped());
            if (!_waiting.TryGetValue(instanceId, out var source))
                _waiting.Add(instanceId, source = new TaskCompletionSource<InstanceRecord?>(TaskCreationOptions.RunContinuationsAsynchronously));
            return source.Task;
        }
    }

    public void Ended(string instanceId, InstanceRecord? record = null)
    {
        TaskCompletionSource<InstanceRecord?>? source;
        lock (_gate) _waiting.Remove(instanceId, out source);
        source?.SetResult(record);
    }

    /// <summary>Fails all who wait, because the engine stops.</summary>
    public void Stop()
    {
        List<TaskCompletionSource<InstanceRecord?>> sources;
        lock (_gate)
        {
            _stopped = true;
            sources = [.. _waiting.Values];
            _waiting.Clear();
        }

        foreach (var source in sources) source.TrySetException(Stopped());
    }

    private static ObjectDisposedException Stopped() => new("engine", "The engine has stopped.");
}
