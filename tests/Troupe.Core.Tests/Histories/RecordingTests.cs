using Troupe.Core.Json;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;
using Troupe.Durable;
using Troupe.Engine.InMemory;
using Troupe.Testing;
using Troupe.Testing.Histories;

namespace Troupe.Core.Tests.Histories;

/// <summary>Plays every run and replays what it left; with TROUPE_RECORD_HISTORIES set to a release, that becomes the release's histories.</summary>
public sealed class RecordingTests
{
    // Of tasks side by side the first few tell everything.
    private const int TasksKept = 3;

    public static TheoryData<string> Scenarios => [.. RecordedRuns.All.Keys];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Run_JustPlayed_ReplaysTheSame(string name)
    {
        var (agents, play) = RecordedRuns.All[name];
        var store = new InMemoryHistoryStore();
        await using var harness = await RunHarness.StartAsync(agents, store: store, replace: RecordedRuns.ServicesOf(name));
        await play(harness);
        foreach (var record in await store.ListAsync(new OrchestrationQuery(), 0, 10_000, CancellationToken.None))
            await harness.Client.EndAsync(record.Id);

        var histories = await HistoryRecorder.ReadAsync(store);

        Assert.Contains(histories, static history => history.Identity.InstanceId == RecordedRuns.Id);
        Assert.All(histories, static history => HistoryFile.Parse(history.Print()).Replay(Product.Orchestrator(history.Identity), TroupeJson.Options));
        if (HistoryFolder.ReleaseToRecord is { } release) await HistoryFolder.Beside().WriteAsync(release, name, Kept(histories));
    }

    [Fact]
    public async Task Work_StoppedAnywhere_GoesOnInItsDataFolder()
    {
        using var folder = DataFolder.Empty();
        await using (var harness = await RunHarness.OpenAsync(folder.Path, new ManualTimeProvider(), RecordedWork.Unsteady))
            await RecordedWork.BeginAsync(harness);
        if (HistoryFolder.ReleaseToRecord is { } release) folder.KeepAs(release);

        await using var again = await RunHarness.OpenAsync(folder.Path, new ManualTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 5, 0, TimeSpan.Zero)));
        await RecordedWork.FinishAsync(again);

        foreach (var run in RecordedWork.Unfinished.Keys)
            Assert.Equal((run, WorkStatus.Completed), (run, (await again.Runs.GetRunAsync(run, CancellationToken.None))!.Status));
    }

    private static IEnumerable<HistoryFile> Kept(IReadOnlyList<HistoryFile> histories) => histories
        .GroupBy(static history => history.Identity.Name, StringComparer.Ordinal)
        .SelectMany(static same => same.Key == nameof(TaskOrchestrator) ? same.Take(TasksKept) : same);
}
