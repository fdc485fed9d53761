using System.Net.Http.Json;

namespace Troupe.Product.Bench.Webhooks;

/// <summary>How soon receivers are told, while others are dead and while none is (D3).</summary>
internal static class Deliveries
{
    private const int Receivers = 100;
    private const int Runs = 100;
    private const int RunsPerSecond = 4;

    private static readonly string[] Told = ["task.completed"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Ends a hundred runs, four a second, each of which is told to every receiver, on a fresh server with a warm-up of ten runs. Without dead
    /// receivers only the live ones subscribe, so that they get the same messages at the same rate.
    /// </summary>
    /// <param name="dead">Of the hundred receivers.</param>
    /// <param name="deadSubscribe">Whether the dead ones are to be told at all.</param>
    public static async Task<Received> MeasureAsync(int dead, bool deadSubscribe)
    {
        await using var receivers = await ReceiverProcess.StartAsync(Receivers - dead, dead);
        await using var server = await Server.StartAsync(("Troupe__Outgoing__AllowNetworks__0", "127.0.0.1"));
        using var http = new HttpClient { BaseAddress = server.Address };
        foreach (var address in receivers.Addresses.Take(deadSubscribe ? Receivers : Receivers - dead))
            (await http.PostAsJsonAsync("/api/v1/webhook-subscriptions", new { url = address, types = Told })).EnsureSuccessStatusCode();
        await RunAsync(server, receivers, 10, Receivers - dead);
        await receivers.ResetAsync();
        return await RunAsync(server, receivers, Runs, Receivers - dead);
    }

    private static async Task<Received> RunAsync(Server server, ReceiverProcess receivers, int runs, int live)
    {
        using (var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / RunsPerSecond)))
        {
            for (var run = 0; run < runs && await timer.WaitForNextTickAsync(); run++)
                await server.Client.ScheduleTaskAsync("direct", "go");
        }

        using var patience = new CancellationTokenSource(Patience);
        var received = await receivers.ReportAsync();
        while (received.Taken < runs * live)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
            received = await receivers.ReportAsync();
        }

        return received;
    }
}
