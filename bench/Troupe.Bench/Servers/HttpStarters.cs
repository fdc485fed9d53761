using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Troupe.Bench.Measuring;
using Troupe.Bench.Workloads;

namespace Troupe.Bench.Servers;

/// <summary>The starters over HTTP, on a bare Kestrel endpoint in the same process.</summary>
internal static class HttpStarters
{
    public static async Task<Measurement> RunAsync(Func<Task<string>> start, Func<string, Task> end)
    {
        await using var host = Create();
        host.MapPost("/start", async () => Results.Text(await start(), statusCode: 202));
        await host.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
        return await Starters.RunAsync(() => http.PostTextAsync("/start"), end);
    }

    /// <summary>A bare Kestrel on a free port of the loopback address.</summary>
    public static WebApplication Create()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    public static async Task<string> PostTextAsync(this HttpClient http, string path)
    {
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), null);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }
}
