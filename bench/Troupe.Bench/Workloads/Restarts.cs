using System.Globalization;
using Troupe.Bench.Engine;
using Troupe.Bench.Measuring;
using Troupe.Bench.Servers;
using Troupe.Durable;

namespace Troupe.Bench.Workloads;

/// <summary>W4, W6, W7: what only a process of its own shows. Seconds count from its start, memory is its working set.</summary>
internal static class Restarts
{
    private const int Many = 100_000;
    private const int Callers = 16;

    public static async Task<Measurement> FreshAsync()
    {
        using var folder = new TemporaryFolder();
        return new Measurement(await StartAsync(folder.Path, waiting: 0));
    }

    public static async Task<Measurement> WaitingAsync()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder.Path, Many);
        return new Measurement(await StartAsync(folder.Path, Many));
    }

    public static async Task<Measurement> IdleAsync()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder.Path, Many);
        return new Measurement([await Idleness.MeasureAsync(folder.Path)]);
    }

    public static async Task<Measurement> FinishedAsync()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder.Path, Many);
        await FinishedInstances.AddAsync(folder.Path, 1_000_000);
        var start = await StartAsync(folder.Path, Many);
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        return new Measurement([.. start, .. (await Throughput.ChainAsync(engine)).Figures]);
    }

    public static async Task<Measurement> KillAsync()
    {
        const int Waiting = 10_000;
        using var folder = new TemporaryFolder();
        await using (var victim = await ServerProcess.StartAsync(folder.Path))
        {
            await Callers.ShareAsync(Waiting, n => victim.Http.PostTextAsync($"/wait/w-{n}"));
            await victim.Http.PostTextAsync("/settled");
        }

        await using var server = await ServerProcess.StartAsync(folder.Path);
        await server.Http.PostTextAsync("/run");
        var firstRun = server.Age;
        await Callers.ShareAsync(Waiting, n => server.Http.PostTextAsync($"/raise/w-{n}"));
        await server.Http.PostTextAsync($"/ended/w/{Waiting}");
        return new Measurement([new Figure("first new run finished after", firstRun, "s"), new Figure("all events applied after", server.Age, "s")]);
    }

    /// <summary>Starts a server on the folder, lets it finish a new run and one that waits there, and makes sure that the others still wait.</summary>
    private static async Task<IReadOnlyList<Figure>> StartAsync(string folder, int waiting)
    {
        await using var server = await ServerProcess.StartAsync(folder);
        var ready = server.Age;
        await server.Http.PostTextAsync("/run");
        var firstRun = server.Age;
        if (waiting > 0)
        {
            await server.Http.PostTextAsync("/raise/w-4711");
            await server.Http.PostTextAsync("/ended/w-4711");
        }

        var memory = server.MemoryMiB;
        var left = int.Parse(await server.Http.PostTextAsync("/waiting"), CultureInfo.InvariantCulture);
        if (left != Math.Max(0, waiting - 1)) throw new InvalidOperationException($"{left} instances wait instead of {waiting - 1}.");
        return [new Figure("ready after", ready, "s"), new Figure("first run finished after", firstRun, "s"), new Figure("memory", memory, "MiB")];
    }

    /// <summary>Leaves instances in the folder that wait for an event.</summary>
    private static async Task FillAsync(string folder, int count)
    {
        await using var engine = await BenchEngine.StartAsync(folder);
        foreach (var chunk in Enumerable.Range(0, count).Chunk(1_000))
            await Task.WhenAll(chunk.Select(n => engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", n, new StartOrchestrationOptions($"w-{n}"))));
        await engine.SettleAsync();
    }
}
