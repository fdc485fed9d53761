using System.Diagnostics;

namespace Troupe.Acceptance.Http;

/// <summary>Launching, waiting and reading, as every test needs them.</summary>
internal static class Runs
{
    private static readonly TimeSpan Patience = TargetHost.Patience(TimeSpan.FromSeconds(60));

    /// <summary>Launches one task and returns the answer's body.</summary>
    public static async Task<JsonElement> LaunchTaskAsync(this Api api, string agent, string prompt = "hello", object? options = null) =>
        (await api.PostAsync("tasks", new { agent, prompt, options = options ?? new { } })).Expect(HttpStatusCode.Accepted).Json;

    /// <summary>Launches a workflow by name or inline definition and returns the run's id.</summary>
    public static async Task<string> LaunchAsync(this Api api, object workflow, object? inputs = null, object? options = null)
    {
        var answer = await api.PostAsync("workflows", new { workflow, inputs = inputs ?? new { }, options = options ?? new { } });
        return answer.Expect(HttpStatusCode.Accepted).Json.Text("workflow_id");
    }

    /// <summary>Launches an inline definition of one phase with these tasks.</summary>
    public static Task<string> LaunchTasksAsync(this Api api, object? options, params object[] tasks) =>
        api.LaunchAsync(new { name = "one-phase", phases = new[] { new { id = "work", tasks } } }, options: options);

    /// <summary>Waits by long-polling until the run is terminal.</summary>
    public static Task<JsonElement> FinishAsync(this Api api, string run) => api.PollAsync($"workflows/{run}?wait=20s", JsonReading.IsTerminal, TimeSpan.Zero);

    /// <summary>Waits until the run is complete and fails where it ends otherwise.</summary>
    public static async Task<JsonElement> CompleteAsync(this Api api, string run)
    {
        var workflow = await api.FinishAsync(run);
        Assert.True(workflow.Status() == "completed", $"The run ended otherwise: {workflow.GetRawText()}");
        return workflow;
    }

    /// <summary>Polls a resource every 20 ms until it is as wanted.</summary>
    public static Task<JsonElement> UntilAsync(this Api api, string path, Func<JsonElement, bool> wanted) =>
        api.PollAsync(path, wanted, TimeSpan.FromMilliseconds(20));

    public static async Task<JsonElement> RunAsync(this Api api, string run) =>
        (await api.GetAsync($"workflows/{run}")).Expect(HttpStatusCode.OK).Json;

    /// <summary>All tasks of a run in the order given, page by page.</summary>
    public static async Task<IReadOnlyList<JsonElement>> TasksAsync(this Api api, string run)
    {
        var tasks = new List<JsonElement>();
        for (var cursor = ""; ;)
        {
            var page = (await api.GetAsync($"workflows/{run}/tasks?limit=500{cursor}")).Expect(HttpStatusCode.OK).Json;
            tasks.AddRange(page.Items());
            if (!page.Has("cursor"))
                return tasks;
            cursor = $"&cursor={Uri.EscapeDataString(page.Text("cursor"))}";
        }
    }

    public static async Task<JsonElement> TaskAsync(this Api api, string run, string key) =>
        (await api.TasksAsync(run)).Single(task => task.Text("key") == key);

    /// <summary>The result of a finished task, as its own kind of JSON.</summary>
    public static async Task<JsonElement> ResultAsync(this Api api, string task) =>
        (await api.GetAsync($"tasks/{task}/result")).Expect(HttpStatusCode.OK).Json.GetProperty("result");

    public static async Task<string> ResultTextAsync(this Api api, string run, string key) =>
        (await api.ResultAsync((await api.TaskAsync(run, key)).Text("task_id"))).ToString();

    /// <summary>All events of a finished run.</summary>
    public static async Task<IReadOnlyList<ServerSentEvent>> EventsAsync(this Api api, string run)
    {
        await using var stream = await api.StreamAsync($"workflows/{run}/events");
        return await stream.UntilAsync(one => one.EndsRun);
    }

    private static async Task<JsonElement> PollAsync(this Api api, string path, Func<JsonElement, bool> wanted, TimeSpan pause)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var state = (await api.GetAsync(path)).Expect(HttpStatusCode.OK).Json;
            if (wanted(state))
                return state;
            Assert.True(watch.Elapsed < Patience, $"{path} is not as wanted after {Patience.TotalSeconds} s: {state.GetRawText()}");
            await Task.Delay(pause, TimeProvider.System);
        }
    }
}
