namespace Troupe.Acceptance.People;

public sealed class D4_StreamTests : AcceptanceTest
{
    [Fact]
    public async Task D4_Stream_TellsOfATaskAsItEnds()
    {
        await using var stream = await Api.StreamAsync("notifications/events");
        var run = (await Api.LaunchTaskAsync("instant")).Text("workflow_id");

        var told = (await stream.UntilAsync(one => one.Type == "notification" && one.Data.Text("workflow_id") == run))[^1];

        Assert.Equal("task_complete", told.Data.Text("type"));
    }

    [Fact]
    public async Task D4_Notification_IsListedAndAcknowledged()
    {
        var run = (await Api.LaunchTaskAsync("instant")).Text("workflow_id");
        var told = await Eventually.ValueAsync(async () => await ListAsync(run) is [var only] ? only : null);
        Assert.Equal("task_complete", told.Text("type"));

        var read = (await Api.PostAsync($"notifications/{told.Text("id")}/ack")).Expect(HttpStatusCode.OK).Json;

        Assert.True(read.GetProperty("delivered").GetBoolean());
        Assert.True(Assert.Single(await ListAsync(run)).Has("acknowledged_at"));
    }

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string run) =>
        (await Api.GetAsync($"notifications?workflow_id={run}")).Expect(HttpStatusCode.OK).Json.Items();
}
