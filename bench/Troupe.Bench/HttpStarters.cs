using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Troupe.Bench;

/// <summary>The starters over HTTP, on a bare Kestrel endpoint in the same process.</summary>
internal static class HttpStarters
{
    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var host = builder.Build();
        host.MapPost("/start", async () => Results.Text(await engine.Client.ScheduleNewOrchestrationInstanceAsync("One", 1), statusCode: 202));
        await host.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
        return await Starters.RunAsync(
            async () =>
            {
                using var answer = await http.PostAsync(new Uri("/start", UriKind.Relative), null);
                return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
            },
            engine.Client);
    }
}
