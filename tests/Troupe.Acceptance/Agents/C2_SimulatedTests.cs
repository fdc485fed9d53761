namespace Troupe.Acceptance.Agents;

public sealed class C2_SimulatedTests : AcceptanceTest
{
    [Fact]
    public async Task C2_SimulatedAnswer_SaysSo()
    {
        var launch = await Api.LaunchTaskAsync("instant");
        await Api.CompleteAsync(launch.Text("workflow_id"));
        var task = (await Api.GetAsync($"tasks/{launch.Text("task_id")}/status")).Json;
        Assert.True(task.GetProperty("simulated").GetBoolean());
        Assert.Equal("simulated", task.Text("provider"));
    }

    [Fact]
    public async Task C2_Megabyte_GoesThroughWhole()
    {
        var launch = await Api.LaunchTaskAsync("big-output");
        await Api.CompleteAsync(launch.Text("workflow_id"));
        var result = (await Api.ResultAsync(launch.Text("task_id"))).ToString();
        Assert.Equal(1 << 20, System.Text.Encoding.UTF8.GetByteCount(result));
    }

    [Fact]
    public async Task C2_FiftyMegabytes_AreStoredAndRead()
    {
        var launch = await Api.LaunchTaskAsync("huge-output");
        await Api.CompleteAsync(launch.Text("workflow_id"));
        var answer = (await Api.GetAsync($"tasks/{launch.Text("task_id")}/result")).Expect(HttpStatusCode.OK);
        Assert.Equal("completed", answer.Json.Status());
        Assert.True(answer.Text.Length > 1000, "Neither the result nor a way to it is in the answer.");
    }

    [Fact]
    public async Task C2_LargeResult_ReachesTheNextPrompt()
    {
        var run = await Api.LaunchTasksAsync(
            null,
            new { id = "big", agent = "big-output", prompt = "x" },
            new { id = "next", agent = "echo", prompt = "{{tasks.big.result}}", needs = new[] { "big" } });
        await Api.CompleteAsync(run);
        Assert.Equal(await Api.ResultTextAsync(run, "big"), await Api.ResultTextAsync(run, "next"));
    }
}
