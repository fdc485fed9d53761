using System.Globalization;
using System.Text;
using Troupe.Durable;
using Troupe.Engine.Storage;
using Troupe.Engine.Tests.Recovery;
using Troupe.Testing;

namespace Troupe.Engine.Tests.Model;

/// <summary>
/// Drives an engine and the model through one scenario and compares them after every operation. After a crash it may be unknown whether
/// the last call was heard; then there are two models, until one of them is refuted.
/// </summary>
internal sealed class ScenarioRunner
{
    // Each puts the engine's clock a fifth of a second behind the model's, whose timers are whole seconds.
    private const int MaxFaults = 4;

    private static readonly TimeSpan AfterFault = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ClockIsNoticedWithin = TimeSpan.FromSeconds(15);

    private readonly Scenario _scenario;
    private readonly Func<Task<IHistoryStore>> _openStore;
    private readonly Random _random;
    private readonly World _world = new();
    private readonly ManualTimeProvider _time;
    private readonly StringBuilder _journal = new();
    private Pump _pump;
    private SimulatedProcess _process = null!;
    private List<ReferenceModel> _models;
    private int _faults;

    private ScenarioRunner(Scenario scenario, Func<Task<IHistoryStore>> openStore)
    {
        (_scenario, _openStore, _random) = (scenario, openStore, new Random(scenario.Seed));
        _pump = new Pump(_random);
        var start = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        _time = new ManualTimeProvider(start, work => _pump.Add(work));
        _models = [new ReferenceModel { Now = start.UtcDateTime }];
    }

    /// <summary>Runs a scenario to its end and returns all that was observed.</summary>
    /// <exception cref="ScenarioException">The engine did not do as the model says.</exception>
    public static async Task<string> RunAsync(Scenario scenario, Func<Task<IHistoryStore>> openStore)
    {
        var runner = new ScenarioRunner(scenario, openStore);
        await runner.BeginProcessAsync();
        foreach (var operation in scenario.Operations) await runner.DoAsync(operation);
        await runner.FinishAsync();
        await runner._process.StopAsync();
        return runner._journal.ToString();
    }

    /// <summary>Gives every instance what it waits for, until all have ended.</summary>
    private async Task FinishAsync()
    {
        await DoAsync(new Service(IsUp: true));
        for (var round = 0; round < 100 && _models[0].Instances.Any(static instance => !instance.HasEnded); round++)
        {
            foreach (var instance in _models[0].Instances.Where(static instance => !instance.HasEnded).ToList())
            {
                if (instance.IsSuspended) await DoAsync(new Manage(Verb.Resume, instance.Id));
                if (instance.Awaited is not { } name) continue;
                if (instance.HasRoomFor(new ModelMessage.Event(name, "end"))) await DoAsync(new Raise(instance.Id, name, "end", null));
                else await DoAsync(new Manage(Verb.Terminate, instance.Id));
            }

            await DoAsync(new Release());
            await DoAsync(new Advance(3_600));
        }

        var alive = _models[0].Instances.FirstOrDefault(static instance => !instance.HasEnded);
        if (alive is not null) throw Wrong($"After all, '{alive.Id}' has not ended.");
    }

    private async Task DoAsync(Operation operation)
    {
        _journal.AppendLine(operation.ToString());
        switch (operation)
        {
            case ClientOperation call:
                await CallAsync(call);
                break;
            case CrashDuring crash:
                await CrashDuringAsync(crash);
                break;
            case FaultDuring fault when _faults++ < MaxFaults:
                await FaultDuringAsync(fault);
                break;
            case FaultDuring fault:
                await CallAsync(fault.Operation);
                break;
            case RestartProcess restart:
                await (restart.Crash ? _process.KillAsync() : _process.StopAsync());
                await BeginProcessAsync();
                Change(static model => model.RestartProcess());
                break;
            default:
                await ChangeWorldAsync(operation);
                break;
        }

        await CompareAsync(operation);
    }

    private async Task ChangeWorldAsync(Operation operation)
    {
        switch (operation)
        {
            case Advance advance:
                await AdvanceAsync(TimeSpan.FromSeconds(advance.Seconds));
                break;
            case SetClock clock:
                _time.JumpClock(TimeSpan.FromSeconds(clock.Seconds));
                foreach (var model in _models) model.Now = model.Now.AddSeconds(clock.Seconds);
                await AdvanceAsync(clock.Seconds > 0 ? ClockIsNoticedWithin : TimeSpan.Zero);
                break;
            case Service service:
                _world.ServiceIsUp = service.IsUp;
                Change(model => model.ServiceIsUp = service.IsUp);
                break;
            case Release:
                _world.Release();
                await _pump.RunUntilIdleAsync();
                Change(static model => model.Release());
                break;
        }
    }

    private async Task AdvanceAsync(TimeSpan by)
    {
        _pump.Add(() => _time.Advance(by));
        await _pump.RunUntilIdleAsync();
        Change(model => model.Now += by);
    }

    private async Task CallAsync(ClientOperation call)
    {
        if (IsAmbiguous(call)) return;
        var answer = await _process.CallAsync(() => AnswerAsync(call));
        Expect(call, answer);
    }

    private async Task FaultDuringAsync(FaultDuring fault)
    {
        if (IsAmbiguous(fault.Operation)) return;
        _process.Store.Fail(fault.Write, fault.Fault);
        var answer = await _process.CallAsync(() => AnswerAsync(fault.Operation));
        _process.Store.FailNoMore();
        if (answer != Answers.DiskFailed) Expect(fault.Operation, answer);
        else if (fault.Fault == Fault.AfterCommit) Change(model => fault.Operation.Apply(model));
        await AdvanceAsync(AfterFault);
    }

    private async Task CrashDuringAsync(CrashDuring crash)
    {
        if (IsAmbiguous(crash.Operation)) return;
        var call = _pump.Start(() => AnswerAsync(crash.Operation));
        await _pump.RunUntilIdleAsync(crash.Turns);
        var answer = call.IsCompleted ? await call : null;
        await _process.KillAsync();
        await BeginProcessAsync();
        var models = _models;
        _models = [.. models.Select(model => Crashed(model, crash.Operation, answer)).OfType<ReferenceModel>()];
        if (answer is null) _models.AddRange(models.Select(static model => Crashed(model, null, null)!));
        if (_models.Count == 0) throw Wrong($"{crash.Operation} was answered with '{answer}'.");
    }

    /// <summary>What a model becomes by a crash; null where it would have answered otherwise.</summary>
    private static ReferenceModel? Crashed(ReferenceModel model, ClientOperation? heard, string? answer)
    {
        var next = model.Clone();
        next.Uncertain.UnionWith(next.OpenCalls());
        if (heard is not null && heard.Apply(next) is var due && answer is not null && due != answer) return null;
        next.Settle();
        var executed = next.Executions.Where(entry => entry.Value != model.Executions.GetValueOrDefault(entry.Key)).Select(static entry => entry.Key).ToHashSet();
        next.Uncertain.UnionWith(executed);
        next.RestartProcess(spared: executed);
        next.Settle();
        return next;
    }

    private void Expect(ClientOperation call, string answer)
    {
        var due = "";
        _models.RemoveAll(model => (due = call.Apply(model)) != answer);
        if (_models.Count == 0) throw Wrong($"{call} was answered with '{answer}'; '{due}' was due.");
        Change(static _ => { });
    }

    private void Change(Action<ReferenceModel> change)
    {
        foreach (var model in _models)
        {
            change(model);
            model.Settle();
        }
    }

    private async Task CompareAsync(Operation operation)
    {
        var observed = await ObserveAsync();
        _journal.AppendJoin('\n', observed).AppendLine(CultureInfo.InvariantCulture, $"turn {_pump.Turns}");
        List<string> differences = [];
        _models.RemoveAll(model => Differs(model, observed, differences));
        if (_models.Count == 0) throw Wrong($"After {operation}: {string.Join("; or ", differences)}.");
    }

    private bool Differs(ReferenceModel model, IReadOnlyList<string> observed, List<string> differences)
    {
        var expected = model.Instances.Select(static instance => instance.Describe()).Order(StringComparer.Ordinal).ToList();
        if (!expected.SequenceEqual(observed, StringComparer.Ordinal))
        {
            differences.Add($"found ({string.Join(" | ", observed.Except(expected))}), due was ({string.Join(" | ", expected.Except(observed))})");
            return true;
        }

        foreach (var (call, count) in _world.Executions)
        {
            var due = model.Executions.GetValueOrDefault(call);
            if (count == due || (count == due + 1 && model.Uncertain.Contains(call))) continue;
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"activity {call} was executed {count} times, not {due}"));
            return true;
        }

        if (model.Executions.Keys.FirstOrDefault(call => !_world.Executions.ContainsKey(call)) is { } missing)
        {
            differences.Add($"activity {missing} was not executed");
            return true;
        }

        foreach (var call in model.Uncertain.Where(_world.Executions.ContainsKey)) model.Executions[call] = _world.Executions[call];
        model.Uncertain.Clear();
        return false;
    }

    private async Task<IReadOnlyList<string>> ObserveAsync()
    {
        List<string> observed = [];
        string? token = null;
        do
        {
            var query = new OrchestrationQuery { PageSize = 50, ContinuationToken = token, FetchInputsAndOutputs = true };
            var page = await _process.CallAsync(() => _process.Client.GetInstancesAsync(query));
            observed.AddRange(page.Values.Select(Describe));
            token = page.ContinuationToken;
        }
        while (token is not null);
        return [.. observed.Order(StringComparer.Ordinal)];
    }

    private static string Describe(OrchestrationMetadata state)
    {
        var description = new ModelInstance(state.InstanceId, new ProgramInput([]), state.ParentInstanceId)
        {
            Status = state.RuntimeStatus,
            Output = state.SerializedOutput?.Trim('"'),
            CustomStatus = state.SerializedCustomStatus?.Trim('"'),
        }.Describe();
        if (state.BlockedReason is { } reason) return $"{description}, blocked: {reason}";
        var hasFailed = state.RuntimeStatus == OrchestrationRuntimeStatus.Failed;
        return hasFailed == state.FailureDetails is not null ? description : $"{description}, failure {state.FailureDetails}";
    }

    /// <summary>A rewind takes back the last step, whose time the model does not know once the clock has been set back.</summary>
    private bool IsAmbiguous(ClientOperation call) =>
        call is Manage { Verb: Verb.Rewind } && _models.Exists(static model => model.Instances.Any(instance => instance.Clock > model.Now));

    private Task<string> AnswerAsync(ClientOperation call) => Answers.OfAsync(() => call.CallAsync(_process.Client, _time.GetUtcNow()));

    private async Task BeginProcessAsync()
    {
        _world.Abandon();
        _pump = new Pump(_random);
        _process = await SimulatedProcess.StartAsync(_pump, _time, await _openStore(), _world, _scenario.MaxLiveInstances);
    }

    private ScenarioException Wrong(string what) => new($"{what}\n{_scenario}");
}

/// <summary>The engine did not do as the model says.</summary>
internal sealed class ScenarioException(string message) : Exception(message);
