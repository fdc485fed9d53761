using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Json;
using Troupe.Core.Records;

namespace Troupe.Storage.Bench;

/// <summary>How fast runs are accepted: run, task, event and key in one durable transaction each.</summary>
internal static class LaunchBench
{
    private const int Callers = 64;

    private static readonly WorkStatus[] Statuses = [WorkStatus.Completed, WorkStatus.Completed, WorkStatus.Completed, WorkStatus.Failed, WorkStatus.Running];
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JsonElement Data = JsonSerializer.SerializeToElement(new { status = "queued" }, TroupeJson.Options);

    public static async Task FlatOutAsync(IRunStore store, int runs)
    {
        var times = new Percentiles(runs);
        var next = -1;
        var allocated = GC.GetTotalAllocatedBytes();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var n = Interlocked.Increment(ref next); n < runs; n = Interlocked.Increment(ref next))
                await times.MeasureAsync(() => store.TryCreateAsync(Launch(n), default));
        })));
        var rate = runs / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var bytes = (GC.GetTotalAllocatedBytes() - allocated) / runs;
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"launch, {Callers} callers flat out: {rate:n0} /s, {times}, {bytes:n0} bytes allocated each"));
    }

    public static async Task PacedAsync(IRunStore store, int launchesPerSecond, int seconds)
    {
        var times = new Percentiles(launchesPerSecond * seconds);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / launchesPerSecond));
        for (var n = 0; n < launchesPerSecond * seconds && await timer.WaitForNextTickAsync(); n++)
        {
            var launch = Launch(10_000_000 + n);
            await times.MeasureAsync(() => store.TryCreateAsync(launch, default));
        }

        await Console.Out.WriteLineAsync($"launch, {launchesPerSecond} /s: {times}");
    }

    private static NewRun Launch(int n)
    {
        var id = Guid.CreateVersion7().ToString("N");
        var run = new RunRecord
        {
            Id = id,
            Kind = RunKind.Task,
            Name = $"workflow-{n % 20}",
            Status = Statuses[n % Statuses.Length],
            User = n % 1_000 == 0 ? "rare" : $"user-{n % 7}",
            CreatedAt = Start.AddSeconds(n),
            Options = new RunOptions { Tags = n % 1_000 == 1 ? ["nightly", "rare"] : ["nightly"] },
            Plan = new ArtifactRef(new string('a', 64), 1_000, "application/json"),
            Inputs = Content.Inline("{}"),
            TaskCount = 1,
            Phases = [new PhaseRecord("main", "Main", 1)],
        };
        var task = new TaskRecord
        {
            Id = $"{id}:main",
            RunId = id,
            Key = "main",
            Title = run.Name,
            Phase = "main",
            Ordinal = 0,
            Agent = "coder",
            Status = WorkStatus.Queued,
            CreatedAt = run.CreatedAt,
            Weight = 1,
            Prompt = Content.Inline(new string('p', 500)),
        };
        return new(run, [task], [new NewEvent(EventTypes.RunQueued, null, Data, "queued")], IdempotencyKey: id, BodyHash: id);
    }
}
