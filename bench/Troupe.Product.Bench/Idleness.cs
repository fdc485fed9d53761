using System.Diagnostics;
using System.Net.Http.Json;

namespace Troupe.Product.Bench;

/// <summary>How much processor time a server takes whose runs all wait for a person.</summary>
internal static class Idleness
{
    private const int Callers = 32;

    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(60);

    private static readonly object Launch = new
    {
        workflow = new
        {
            name = "waiting",
            phases = new[]
            {
                new
                {
                    id = "work",
                    tasks = new[] { new { id = "work", agent = "direct", prompt = "go", gate = new { approval = new { title = "Go on?" } } } },
                },
            },
        },
    };

    /// <summary>Percent of a core over a minute, and the server's memory in MiB, with that many runs at an approval gate.</summary>
    public static async Task<(double Processor, double Memory)> MeasureAsync(Server server, int runs)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var left = runs;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var answer = await http.PostAsJsonAsync("/api/v1/workflows", Launch);
                answer.EnsureSuccessStatusCode();
            }
        }));
        while ((await http.GetStringAsync(new Uri("/api/v1/workflows?status=queued,running&limit=1", UriKind.Relative))).Contains("\"workflow_id\"", StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        await Task.Delay(SettleTime, TimeProvider.System);
        var (before, start) = (server.ProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(Watched, TimeProvider.System);
        return (100 * ((server.ProcessorTime - before) / Stopwatch.GetElapsedTime(start)), server.MemoryMiB);
    }
}
