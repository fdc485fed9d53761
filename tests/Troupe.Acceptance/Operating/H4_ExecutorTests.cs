namespace Troupe.Acceptance.Operating;

public sealed class H4_ExecutorTests : AcceptanceTest
{
    [Fact]
    public async Task H4_RunningTask_IsListedUnderAnExecutorThatLives()
    {
        // An instance that does not answer itself is seen by its heartbeats, which come every half minute.
        var agent = Unique("enduring");
        (await Api.PutAsync($"agents/{agent}", $"---\nname: {agent}\nprovider: simulated\nsimulate:\n  latency: 3m\n---\nWork.\n", "text/markdown")).ExpectSuccess();
        var launch = await Api.LaunchTaskAsync(agent);
        var (task, run) = (launch.Text("task_id"), launch.Text("workflow_id"));

        var executor = await Eventually.ValueAsync(async () => Find(await ExecutorsAsync(), task));
        Assert.NotEmpty(executor.Text("id"));
        Assert.True(executor.GetProperty("busy").GetInt32() >= 1, executor.GetRawText());
        Assert.InRange(executor.Time("seen_at"), executor.Time("started_at"), DateTimeOffset.MaxValue);
        var work = executor.Items("tasks").Single(one => one.Text("task_id") == task);
        Assert.Equal(run, work.Text("workflow_id"));
        Assert.InRange(work.Time("since"), executor.Time("started_at"), DateTimeOffset.MaxValue);

        (await Api.PostAsync($"workflows/{run}/cancel")).ExpectSuccess();
        await Api.FinishAsync(run);
        await Eventually.SomeAsync(async () => Find(await ExecutorsAsync(), task) is null ? "gone" : null);
    }

    [Fact]
    public async Task H4_FinishedTask_NamesAnExecutorThatIsListed()
    {
        var run = (await Api.LaunchTaskAsync("instant")).Text("workflow_id");
        await Api.CompleteAsync(run);

        var named = Assert.Single(await Api.TasksAsync(run)).Text("executor_id");
        Assert.Contains(named, (await ExecutorsAsync()).Select(static one => one.Text("id")));
    }

    private async Task<IReadOnlyList<JsonElement>> ExecutorsAsync() => (await Api.GetAsync("executors")).Expect(HttpStatusCode.OK).Json.Items();

    private static JsonElement? Find(IReadOnlyList<JsonElement> executors, string task)
    {
        var found = executors.Where(one => one.GetProperty("alive").GetBoolean() && one.Items("tasks").Any(work => work.Text("task_id") == task)).ToList();
        return found.Count == 0 ? null : found[0];
    }
}
