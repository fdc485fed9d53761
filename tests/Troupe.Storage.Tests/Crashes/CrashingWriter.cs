using System.Globalization;
using System.Text;
using Troupe.Core.Artifacts;
using Troupe.Core.Records;
using Troupe.Testing.Stores;

namespace Troupe.Storage.Tests.Crashes;

/// <summary>Writes into a folder until it is killed, and says on its standard output what has been accepted: <c>kind id;</c>.</summary>
internal static class CrashingWriter
{
    private const int Writers = 8;

    public static async Task<int> Main(string[] arguments)
    {
        await using var stores = new LocalStores(arguments[0]);
        var round = arguments[1];
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(stores, $"{round}-{writer}")));
        return 0;
    }

    private static async Task WriteAsync(LocalStores stores, string writer)
    {
        for (var n = 0; ; n++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{writer}-{n}");
            var small = await PutAsync(stores.Artifacts, id, repeat: 1);
            var large = await PutAsync(stores.Artifacts, id, repeat: 10_000);
            var run = SampleRecords.Run(id) with { Plan = small };
            var task = SampleRecords.Task(id, "main") with { Result = new Content { Artifact = large } };
            await stores.Runs.TryCreateAsync(SampleRecords.Launch(run, task) with { IdempotencyKey = id, BodyHash = "h" }, default);
            await SayAsync("launched", id);
            await stores.Runs.UpdateRunAsync(
                id,
                new(static stored => stored with { Status = WorkStatus.Completed }, 1, SampleRecords.Event(EventTypes.RunCompleted)),
                default);
            await SayAsync("completed", id);
        }
    }

    private static async Task<ArtifactRef> PutAsync(IArtifactStore artifacts, string id, int repeat)
    {
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(id, repeat))));
        var reference = await artifacts.PutAsync(bytes, "text/plain", default);
        await SayAsync("stored", reference.Hash);
        return reference;
    }

    private static Task SayAsync(string kind, string id) => Console.Out.WriteLineAsync($"{kind} {id};");
}
