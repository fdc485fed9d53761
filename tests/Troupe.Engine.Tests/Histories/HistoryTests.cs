using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine.InMemory;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;
using Troupe.Engine.Tests.Model;

namespace Troupe.Engine.Tests.Histories;

/// <summary>
/// Histories that releases have written, replayed for ever. With TROUPE_RECORD_HISTORIES set to a release's name, a run adds a folder of
/// that name; folders of earlier releases are never changed.
/// </summary>
public sealed class HistoryTests
{
    public static TheoryData<string> Recorded =>
        [.. Directory.EnumerateFiles(Root(), "*.json", SearchOption.AllDirectories).Select(static path => Path.GetRelativePath(Root(), path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Replay_RecordedHistory_TodaysCodeDecidesTheSame(string file)
    {
        var history = Read(file);
        var ended = history.Steps[^1].Decisions.OfType<ExecutionCompleted>().LastOrDefault()?.Status;
        var fromOutside = ended == OrchestrationRuntimeStatus.Terminated;
        var machine = Machine(history);

        machine.Replay(fromOutside ? history.Steps.Take(history.Steps.Count - 1) : history.Steps);

        Assert.Equal(!fromOutside, machine.HasEnded);
    }

    [Fact]
    public void Replay_ChangedCode_NamesTheIndexWhatWasRecordedAndWhatWasAttempted()
    {
        var history = Read(Path.Combine("0.1", "timeout", "a.json"));
        var changed = new ProgramInput([new Instruction(Model.Step.Work), new Instruction(Model.Step.Work)]);
        Message[] start = [new ExecutionStarted(JsonSerializer.Serialize(changed, JsonSerializerOptions.Web))];

        var mismatch = Assert.Throws<NonDeterminismException>(
            () => Machine(history).Replay([history.Steps[0] with { Messages = start }, .. history.Steps.Skip(1)]));

        Assert.Contains("at decision 0 (step 0)", mismatch.Message, StringComparison.Ordinal);
        Assert.Contains("recorded was timer due 2030-01-01T00:00:30", mismatch.Message, StringComparison.Ordinal);
        Assert.Contains("attempted activity 'Work' (#1)", mismatch.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_EveryScenario_HasAHistory() =>
        Assert.All(RecordedScenarios.All.Keys, static name => Assert.True(File.Exists(Path.Combine(Root(), "0.1", name, "a.json")), name));

    [Fact]
    public async Task Record_WhenAskedFor_WritesTheHistoriesOfThisRelease()
    {
        var release = Environment.GetEnvironmentVariable("TROUPE_RECORD_HISTORIES");
        foreach (var (name, scenario) in RecordedScenarios.All)
        {
            var histories = await RecordAsync(scenario);
            Assert.Contains(histories, static history => history.Identity.InstanceId == "a");
            if (release is not { Length: > 0 }) continue;
            var folder = Directory.CreateDirectory(Path.Combine(Root(), release, name)).FullName;
            foreach (var history in histories)
                await File.WriteAllTextAsync(Path.Combine(folder, history.Identity.InstanceId + ".json"), history.Print());
        }
    }

    private static async Task<List<HistoryFile>> RecordAsync(Scenario scenario)
    {
        var store = new InMemoryHistoryStore();
        await ScenarioRunner.RunAsync(scenario, () => Task.FromResult<IHistoryStore>(store));
        List<HistoryFile> histories = [];
        foreach (var record in await store.ListAsync(new OrchestrationQuery(), 0, 1_000, CancellationToken.None))
        {
            var history = (await store.LoadAsync(record.Id, CancellationToken.None))!.History;
            var identity = new ExecutionIdentity(record.Name, record.Id, record.Version, record.Parent?.InstanceId, record.Execution);
            histories.Add(new HistoryFile(identity, [.. history.Select(WithoutStackTraces)]));
        }

        return histories;
    }

    /// <summary>They name folders of the machine that recorded them.</summary>
    private static Engine.Replay.Step WithoutStackTraces(Engine.Replay.Step step) => step with
    {
        Messages = [.. step.Messages.Select(static message => message is TaskFailed failed ? failed with { Failure = Short(failed.Failure) } : message)],
        Decisions = [.. step.Decisions.Select(static decision =>
            decision is ExecutionCompleted { Failure: { } failure } ended ? ended with { Failure = Short(failure) } : decision)],
    };

    private static FailureDetails Short(FailureDetails failure) => new(failure.ErrorType, failure.ErrorMessage);

    private static HistoryFile Read(string file) => HistoryFile.Parse(File.ReadAllText(Path.Combine(Root(), file)));

    private static OrchestrationMachine Machine(HistoryFile history) => new(
        history.Identity, new Interpreter(), new PayloadConverter(JsonSerializerOptions.Web, 1 << 20), NullLoggerFactory.Instance);

    private static string Root([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Recorded");
}
