using System.Diagnostics;
using System.Net.Http.Headers;

namespace Troupe.Acceptance.Survival;

/// <summary>The disk of a server of its own is full for a while, in the middle of its work.</summary>
public sealed class G_FullDiskTests
{
    private static readonly TimeSpan Famine = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan KeeperRound = TimeSpan.FromSeconds(100);

    [MountFact]
    public async Task G_DiskFull_RefusesLaunchesAndLosesNothing()
    {
        using var disk = SmallDisk.Mount();
        await StarveAsync(disk);
    }

    /// <summary>The system would end the process at such a write, were its signal not taken.</summary>
    [FileLimitFact]
    public async Task G_FilesMayNotGrow_RefusesLaunchesAndLosesNothing()
    {
        using var disk = SmallDisk.Limit();
        await StarveAsync(disk);
    }

    private static async Task StarveAsync(SmallDisk disk)
    {
        await using var server = await ServerProcess.StartAsync(disk.Path);
        var api = new Api(server.Address);
        var runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => LaunchAsync(api)));
        foreach (var run in runs)
            await Eventually.SomeAsync(async () => (await api.TaskAsync(run, "slow")).Status() == "running" ? run : null);
        var finished = await Task.WhenAll(runs.Select(run => api.TaskAsync(run, "quick")));

        disk.Fill(server);
        var accepted = await FamineAsync(api, disk, runs[0]);
        disk.Free(server);

        await Eventually.SomeAsync(async () => (await api.GetAsync("/readyz")).Status == HttpStatusCode.OK ? "" : null);
        await api.CompleteAsync(await LaunchAsync(api));
        foreach (var run in runs.Concat(accepted))
            await EndAsync(api, run);
        foreach (var (run, before) in runs.Zip(finished))
            await RanOnceAsync(api, run, before);
        Assert.Equal(1, server.Log.Split("records.db fails").Length - 1);
        await server.StopAsync();
        Assert.All(new[] { "records.db", "history.db" }, name => Assert.Equal("ok", SqliteFile.Check(Path.Combine(disk.Path, name))));
    }

    private static Task<string> LaunchAsync(Api api) => api.LaunchTasksAsync(
        null,
        new { id = "quick", agent = "instant", prompt = "x" },
        new { id = "slow", agent = "sleep-3s", prompt = "x", needs = new[] { "quick" } },
        new { id = "last", agent = "echo", prompt = "done", needs = new[] { "slow" } });

    /// <summary>Asks for all kinds of things while nothing can be stored; returns the runs that were accepted nevertheless.</summary>
    private static async Task<IReadOnlyList<string>> FamineAsync(Api api, SmallDisk disk, string known)
    {
        var accepted = new List<string>();
        var refused = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Famine;)
        {
            var launch = await api.PostAsync("tasks", new { agent = "instant", prompt = new string('x', 20_000) + Guid.NewGuid() });
            if (launch.Status == HttpStatusCode.Accepted)
            {
                accepted.Add(launch.Json.Text("workflow_id"));
                continue;
            }

            ExpectStorageProblem(launch, disk);
            refused++;
            (await api.GetAsync("workflows")).Expect(HttpStatusCode.OK);
            (await api.GetAsync($"workflows/{known}")).Expect(HttpStatusCode.OK);
            (await api.GetAsync($"workflows/{known}/tasks")).Expect(HttpStatusCode.OK);
            (await api.GetAsync("/healthz")).Expect(HttpStatusCode.OK);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        Assert.InRange(refused, 5, int.MaxValue);
        ExpectStorageProblem(await api.GetAsync("/readyz"), disk);
        ExpectStorageProblem(await api.SendAsync(HttpMethod.Post, "artifacts", Megabyte()), disk);
        return accepted;
    }

    private static ByteArrayContent Megabyte() =>
        new(new byte[1 << 20]) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };

    private static void ExpectStorageProblem(Answer answer, SmallDisk disk)
    {
        var problem = answer.ExpectProblem(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("urn:troupe:problem:storage", problem.Text("type"));
        Assert.Contains(disk.Advice, problem.Text("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain(disk.Path, answer.Text, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
    }

    /// <summary>A run whose row found room, but not its start, begins with the keeper's next round.</summary>
    private static async Task EndAsync(Api api, string run)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < KeeperRound;)
        {
            if ((await api.GetAsync($"workflows/{run}?wait=20s")).Json.IsTerminal())
                break;
        }

        await api.CompleteAsync(run);
    }

    private static async Task RanOnceAsync(Api api, string run, JsonElement before)
    {
        Assert.Equal(before.Text("completed_at"), (await api.TaskAsync(run, "quick")).Text("completed_at"));
        var events = await api.EventsAsync(run);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(one => one.Data.GetProperty("sequence").GetInt64()));
        foreach (var type in new[] { "task.started", "task.completed" })
        {
            var tasks = events.Where(one => one.Type == type).Select(one => one.Data.Text("task_id")).ToList();
            Assert.Equal(3, tasks.Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(3, tasks.Count);
        }

        Assert.All(await api.TasksAsync(run), task => Assert.Equal(1, task.GetProperty("attempt").GetInt32()));
    }
}
