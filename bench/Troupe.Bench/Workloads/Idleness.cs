using System.Diagnostics;
using Troupe.Bench.Measuring;
using Troupe.Bench.Servers;

namespace Troupe.Bench.Workloads;

/// <summary>How much processor time a server takes that has nothing to do.</summary>
internal static class Idleness
{
    /// <summary>Start-up's own work, such as the runtime's compiler, has ended by then.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(60);

    public static async Task<Figure> MeasureAsync(string folder)
    {
        await using var server = await ServerProcess.StartAsync(folder);
        await server.Http.PostTextAsync("/run");
        await Task.Delay(SettleTime, TimeProvider.System);
        var (before, start) = (server.ProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(Watched, TimeProvider.System);
        return new Figure("processor", 100 * ((server.ProcessorTime - before) / Stopwatch.GetElapsedTime(start)), "% of a core");
    }
}
