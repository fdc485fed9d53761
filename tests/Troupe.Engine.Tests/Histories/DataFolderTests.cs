using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Sqlite;
using Troupe.Engine.Tests.Hosting;
using Troupe.Engine.Tests.Model;
using Troupe.Testing.Contract;
using Troupe.Testing.Histories;

namespace Troupe.Engine.Tests.Histories;

/// <summary>A database that a release has left is opened by today's code, which brings everything in it to its end.</summary>
public sealed class DataFolderTests
{
    public static TheoryData<string> Releases => [.. DataFolder.Releases()];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Open_DatabaseOfARelease_EveryInstanceGoesOnToItsEnd(string release)
    {
        using var folder = DataFolder.CopyOf(release);

        await StoppedWork.FinishAsync(folder.Path);
    }

    [Fact]
    public async Task Open_DatabaseThatDidNotMeasureEvents_MeasuresThoseThatInstancesKeep()
    {
        using var folder = DataFolder.CopyOf("0.1");
        using var ready = new ReadySignal();
        await using (await StoppedWork.OpenAsync(folder.Path, TimeSpan.Zero, isBusy: true, ready)) await ready.Line.WaitAsync(ContractEngine.Patience);

        await using var store = await SqliteHistoryStore.OpenAsync(Path.Combine(folder.Path, "history.db"), NullLogger.Instance, default);
        var kept = new Dictionary<string, EventVolume>(StringComparer.Ordinal);
        foreach (var record in await store.ListAsync(new OrchestrationQuery(), 0, 100, default))
        {
            Assert.False(record.KeepsUnmeasured, record.Id);
            if (record.KeptEvents != default) kept.Add(record.Id, record.KeptEvents);
        }

        Assert.Equal(
            new Dictionary<string, EventVolume>(StringComparer.Ordinal)
            {
                ["waiting"] = new(1, $"stop\"{Answers.SentPayload}\"".Length),
                ["working"] = new(1, "go\"early\"".Length),
                ["suspended"] = new(1, "go\"meanwhile\"".Length),
            },
            kept);
    }
}
