using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Troupe.Core.Runs;
using Troupe.Durable;

namespace Troupe.Core.Concurrency;

/// <summary>
/// Limits over any number of instances of a host: one orchestration for each family of keys that has a limit, none where nothing is limited.
/// </summary>
public sealed class DurableConcurrencyGate(IOrchestrationClient client, IOptions<ConcurrencyOptions> options) : IConcurrencyGate
{
    private const string Prefix = "concurrency~";

    private readonly IReadOnlyDictionary<string, int> _limits = options.Value.Limits();
    private readonly ConcurrentDictionary<string, string> _started = new(StringComparer.Ordinal);

    public async Task<string?> ForAsync(string key, CancellationToken cancellationToken)
    {
        var family = ConcurrencyKeys.FamilyOf(key);
        if (!_limits.TryGetValue(family, out var limit))
            return null;
        if (!_started.ContainsKey(family))
            await StartAsync(family, limit, cancellationToken);
        return InstanceOf(family);
    }

    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var (family, limit) in _limits)
            await StartAsync(family, limit, cancellationToken);
    }

    /// <summary>No run can have that id, and no run's child.</summary>
    internal static string InstanceOf(string family) => Prefix + family;

    internal static bool IsGate(string instanceId) => instanceId.StartsWith(Prefix, StringComparison.Ordinal);

    private async Task StartAsync(string family, int limit, CancellationToken cancellationToken)
    {
        var id = InstanceOf(family);
        var instance = await client.GetInstanceAsync(id, cancellation: cancellationToken);
        try
        {
            if (instance?.RuntimeStatus.IsTerminal() == true)
                await client.PurgeInstanceAsync(id, cancellationToken);
            if (instance?.RuntimeStatus.IsTerminal() == false)
                await TellLimitAsync(family, limit, cancellationToken);
            else
                await ScheduleAsync(id, limit, cancellationToken);
        }
        catch (Exception e) when (e is OrchestrationAlreadyExistsException or OrchestrationInvalidStateException)
        {
            // Another process was faster.
        }

        _started.TryAdd(family, id);
    }

    /// <summary>Once for each process: the limit may be another one since the gate was started.</summary>
    private async Task TellLimitAsync(string family, int limit, CancellationToken cancellationToken)
    {
        if (_started.ContainsKey(family))
            return;
        var told = Envelope.Create(Guid.NewGuid().ToString("N"), EnvelopeKinds.LimitSet, limit);
        await client.RaiseEventAsync(InstanceOf(family), Inbox.EventName, told, told.Id, cancellationToken);
    }

    private Task ScheduleAsync(string id, int limit, CancellationToken cancellationToken) => client.ScheduleNewOrchestrationInstanceAsync(
        nameof(ConcurrencyGateOrchestrator), new PermitBookState(limit, []), new StartOrchestrationOptions(id), cancellationToken);
}
