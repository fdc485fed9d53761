namespace Troupe.Acceptance.Workflows;

/// <summary>A limit that all runs share, and who comes first at it.</summary>
public sealed class H4_PriorityTests
{
    [OneAgentFact]
    public async Task H4_OneAgentAtATime_RunsTakeTurnsByPriority()
    {
        await using var server = await OneAgentServer.StartAsync();
        var first = await LaunchAsync(server.Api, TargetHost.SlowAgent, "high");
        await server.Api.UntilAsync($"tasks/{first}/status", static task => task.Status() == "running");
        var (low, normal, high) = (
            await LaunchAsync(server.Api, "sleep-1s", "low"), await LaunchAsync(server.Api, "sleep-1s", "normal"), await LaunchAsync(server.Api, "sleep-1s", "high"));

        var ended = new List<(string Task, DateTimeOffset At)>();
        foreach (var task in new[] { first, low, normal, high })
            ended.Add((task, (await server.Api.UntilAsync($"tasks/{task}/status?wait=20s", JsonReading.IsTerminal)).Time("completed_at")));
        var order = ended.OrderBy(static task => task.At).ToList();
        Assert.Equal([first, high, normal, low], order.Select(static task => task.Task));

        // None began before the one before it had ended.
        Assert.All(order.Skip(1).Zip(order), static pair => Assert.True(pair.First.At - pair.Second.At > TimeSpan.FromSeconds(0.9)));
    }

    private static async Task<string> LaunchAsync(Api api, string agent, string priority) =>
        (await api.LaunchTaskAsync(agent, options: new { priority })).Text("task_id");
}
