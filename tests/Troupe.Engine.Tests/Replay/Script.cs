using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Replay;

/// <summary>Feeds a machine messages and checks the exact decisions of each step.</summary>
internal sealed class Script
{
    public static readonly DateTime Start = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly Func<OrchestrationMachine> _create;
    private readonly List<Step> _history = [];

    private Script(Func<OrchestrationMachine> create)
    {
        _create = create;
        Machine = create();
    }

    public OrchestrationMachine Machine { get; private set; }

    public IReadOnlyList<Step> History => _history;

    public static Script Of<TInput, TOutput>(Func<OrchestrationContext, TInput, Task<TOutput>> run) => new(() => Create(run));

    public static OrchestrationMachine Create<TInput, TOutput>(Func<OrchestrationContext, TInput, Task<TOutput>> run) => new(
        new ExecutionIdentity("Test", "the-instance", "", null, 1),
        new DelegateOrchestrator<TInput, TOutput>(run),
        new PayloadConverter(new JsonSerializerOptions(JsonSerializerDefaults.Web), 1 << 20),
        NullLoggerFactory.Instance);

    /// <summary>Takes a step and expects exactly these decisions.</summary>
    public Script Step(IReadOnlyList<Message> messages, params IReadOnlyList<Decision> expected)
    {
        var time = Start.AddSeconds(_history.Count);
        var decisions = Machine.Take(time, messages);
        Assert.Equal(expected, decisions);
        _history.Add(new Step(time, messages, [.. decisions]));
        return this;
    }

    /// <summary>Goes on with a machine that has replayed all steps so far.</summary>
    public Script Evict()
    {
        Machine = _create();
        Machine.Replay(_history);
        return this;
    }

    public static ActivityScheduled Activity(int id, string name, string? input) => new(id, name, input, ActivityPriority.Normal, null);

    public static ExecutionCompleted Completed(string? output) => new(OrchestrationRuntimeStatus.Completed, output, null);
}
