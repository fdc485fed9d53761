using Troupe.Core.Runs;
using Troupe.Durable;

namespace Troupe.Core.Concurrency;

/// <summary>The permits of one orchestrator, one after the other. Without a gate there is no need of any.</summary>
internal sealed class PermitHolder(OrchestrationContext context, string? gate)
{
    /// <summary>How long it waits before it asks again: the request, or the gate, may be lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromHours(1);

    private readonly Mailbox<bool> _wakes = new();
    private PermitAsk? _wanted;
    private bool _granted;
    private int _permits;

    public bool IsCancelled { get; private set; }

    /// <summary>Takes the orchestrator's messages.</summary>
    public void Post(Envelope envelope)
    {
        if (envelope.Kind == EnvelopeKinds.Cancel)
            IsCancelled = true;
        else if (envelope.Kind != EnvelopeKinds.PermitGranted || envelope.Read<int>() is not (> 0 and var number))
            return;
        else if (number == _wanted?.Number)
            _granted = true;
        else
            Return(number);
        _wakes.Post(true);
    }

    /// <summary>Asks for a permit and waits for it for a time.</summary>
    /// <returns>False where it is not there yet; <see cref="WaitAsync"/> goes on waiting.</returns>
    public async Task<bool> TryEnterAsync(string key, ActivityPriority priority, TimeSpan patience)
    {
        if (gate is null)
            return true;
        _granted = false;
        _wanted = new PermitAsk(context.InstanceId, ++_permits, key, priority);
        Send(EnvelopeKinds.PermitAsked, _wanted);
        return await HearAsync(patience);
    }

    /// <summary>Asks for a permit and waits until it is there.</summary>
    public async Task EnterAsync(string key, ActivityPriority priority)
    {
        if (!await TryEnterAsync(key, priority, Patience))
            await WaitAsync();
    }

    /// <summary>Waits on, until the permit is there, or until the orchestrator is cancelled.</summary>
    public async Task WaitAsync()
    {
        for (var patience = Patience; !await HearAsync(patience); patience = patience * 2 < LongestPatience ? patience * 2 : LongestPatience)
            Send(EnvelopeKinds.PermitAsked, _wanted!);
    }

    /// <summary>Gives the permit back, also where it was not granted yet.</summary>
    public void Leave()
    {
        if (_wanted is not { } held)
            return;
        _wanted = null;
        Return(held.Number);
    }

    private async Task<bool> HearAsync(TimeSpan patience)
    {
        var over = false;
        using var timer = DurableTimer.Start(context, context.CurrentUtcDateTime + patience, () =>
        {
            over = true;
            _wakes.Post(true);
        });
        while (!_granted && !IsCancelled && !over)
            await _wakes.TakeAsync();
        return _granted || IsCancelled;
    }

    private void Return(int number) => Send(EnvelopeKinds.PermitReturned, new ReturnedPermit(context.InstanceId, number));

    private void Send<T>(string kind, T data)
    {
        if (gate is not null)
            context.SendEvent(gate, Inbox.EventName, Envelope.Create(context.NewGuid().ToString("N"), kind, data));
    }
}
