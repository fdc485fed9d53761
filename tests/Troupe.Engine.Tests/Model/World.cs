using Troupe.Durable;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Model;

/// <summary>What activities deal with: a service that can be down, a gate that holds them, and a count of all that ran.</summary>
internal sealed class World
{
    private readonly List<TaskCompletionSource> _held = [];

    /// <summary>How often each call was executed, by its input.</summary>
    public Dictionary<string, int> Executions { get; } = new(StringComparer.Ordinal);

    public bool ServiceIsUp { get; set; } = true;

    public DurableTaskRegistry Registry() => new DurableTaskRegistry()
        .AddOrchestrator(Interpreter.Name, "", static _ => new Interpreter())
        .Activity<string, string>(nameof(Step.Work), (_, call) => Count(call))
        .Activity<string, string>(nameof(Step.Service), async (_, call) =>
        {
            await Count(call);
            return ServiceIsUp ? "done" : throw new InvalidOperationException("The service is down.");
        })
        .Activity<string, string>(nameof(Step.Held), async (context, call) =>
        {
            await Count(call);
            var gate = new TaskCompletionSource();
            _held.Add(gate);
            await gate.Task.WaitAsync(context.CancellationToken);
            return "done";
        });

    public void Release()
    {
        foreach (var gate in _held) gate.TrySetResult();
        _held.Clear();
    }

    /// <summary>Activities of a process that is gone wait for nothing any more.</summary>
    public void Abandon() => _held.Clear();

    private Task<string> Count(string call)
    {
        Executions[call] = Executions.GetValueOrDefault(call) + 1;
        return Task.FromResult("done");
    }
}
