using System.Text.RegularExpressions;

namespace Troupe.Acceptance.Operating;

public sealed partial class ReadinessTests
{
    [EmbeddedFact]
    public async Task Ready_RestartedInTheMiddleOfARun_SaysWhatItWentOnWith()
    {
        using var data = new TemporaryFolder();
        string run;
        await using (var first = await ServerProcess.StartAsync(data.Path))
        {
            Assert.Contains(" 0 instances go on", await ReadyLineAsync(first), StringComparison.Ordinal);
            var api = new Api(first.Address);
            var launch = await api.LaunchTaskAsync("sleep-3s");
            run = launch.Text("workflow_id");
            await api.UntilAsync($"tasks/{launch.Text("task_id")}/status", state => state.Status() == "running");
        }

        await using var second = await ServerProcess.StartAsync(data.Path);
        var after = new Api(second.Address);

        Assert.Equal("ready", (await after.GetAsync("/readyz")).Expect(HttpStatusCode.OK).Json.Status());
        Assert.Matches(WorkLeft(), await ReadyLineAsync(second));
        await after.CompleteAsync(run);
    }

    /// <summary>The server's output may lag behind its answers.</summary>
    private static Task<string> ReadyLineAsync(ServerProcess server) => Eventually.SomeAsync(() =>
        Task.FromResult(server.Log.Split('\n').FirstOrDefault(line => line.Contains("The engine is ready", StringComparison.Ordinal))));

    [GeneratedRegex(@"ready after \d+\.\d\d s: [1-9]\d* instances go on, [1-9]\d* of them had work to do \([1-9]\d* activities, ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WorkLeft();
}
