using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Troupe.Bench.Engine;
using Troupe.Durable;

namespace Troupe.Bench.Servers;

/// <summary>A process that serves an engine over HTTP until it is killed, or its input ends.</summary>
internal static class BenchServer
{
    public static async Task<int> RunAsync(string folder)
    {
        await using var engine = await BenchEngine.StartAsync(folder);
        await using var host = HttpStarters.Create();
        Map(host, engine);
        await host.StartAsync();
        await Console.Out.WriteLineAsync(host.Urls.First());
        while (await Console.In.ReadLineAsync() is not null)
        {
            // Nobody writes here; the end of the input is the end of the parent.
        }

        return 0;
    }

    private static void Map(WebApplication host, BenchEngine engine)
    {
        var client = engine.Client;
        host.MapPost("/wait/{id}", async (string id) =>
            Results.Text(await client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, new StartOrchestrationOptions(id)), statusCode: 202));
        host.MapPost("/raise/{id}", async (string id) =>
        {
            await client.RaiseEventAsync(id, "go", 1);
            return Results.Text(id, statusCode: 202);
        });
        host.MapPost("/run", async () =>
        {
            await engine.RunAsync("One", 1);
            return Results.Text("done");
        });
        host.MapPost("/ended/{id}", async (string id) =>
        {
            await client.WaitForInstanceCompletionAsync(id);
            return Results.Text("done");
        });
        host.MapPost("/ended/{prefix}/{count:int}", async (string prefix, int count) =>
        {
            for (var n = 0; n < count; n++) await client.WaitForInstanceCompletionAsync($"{prefix}-{n}");
            return Results.Text("done");
        });
        host.MapPost("/waiting", async () => Results.Text($"{await engine.CountRunningAsync()}"));
        host.MapPost("/settled", async () =>
        {
            await engine.SettleAsync();
            return Results.Text("done");
        });
    }
}
