using System.Text.Json;
using Troupe.Engine.InMemory;
using Troupe.Engine.Storage;
using Troupe.Engine.Tests.Model;
using Troupe.Testing.Histories;

namespace Troupe.Engine.Tests.Histories;

/// <summary>Runs every scenario and replays what it left; with TROUPE_RECORD_HISTORIES set to a release, that becomes the release's histories.</summary>
public sealed class RecordingTests
{
    public static TheoryData<string> Scenarios => [.. RecordedScenarios.All.Keys];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Scenario_JustRun_ReplaysTheSame(string name)
    {
        var store = new InMemoryHistoryStore();
        await ScenarioRunner.RunAsync(RecordedScenarios.All[name], () => Task.FromResult<IHistoryStore>(store));

        var histories = await HistoryRecorder.ReadAsync(store);

        Assert.Contains(histories, static history => history.Identity.InstanceId == "a");
        Assert.All(histories, static history => HistoryFile.Parse(history.Print()).Replay(new Interpreter(), JsonSerializerOptions.Web));
        if (HistoryFolder.ReleaseToRecord is { } release) await HistoryFolder.Beside().WriteAsync(release, name, histories);
    }

    [Fact]
    public async Task Work_StoppedInEveryState_GoesOnInItsDataFolder()
    {
        using var folder = DataFolder.Empty();
        await StoppedWork.BeginAsync(folder.Path);
        if (HistoryFolder.ReleaseToRecord is { } release) folder.KeepAs(release);

        await StoppedWork.FinishAsync(folder.Path);
    }
}
