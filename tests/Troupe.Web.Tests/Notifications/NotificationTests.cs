using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Access;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Web.Tests.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Notifications;

public sealed class NotificationTests : IAsyncLifetime
{
    private const string Path = "/api/v1/notifications";
    private const string Preferences = "/api/v1/notification-preferences";

    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Get_List_ShowsNewestFirstWithTheUnreadCount()
    {
        await TellAsync(1);
        await TellAsync(2, type: NotificationType.Alert);

        var list = (await _app.GetAsync(Path)).Expect(HttpStatusCode.OK).Json;

        Assert.Equal(["n2", "n1"], Titles(list));
        Assert.Equal(2, list.GetProperty("unread_count").GetInt32());
        Assert.Equal(["n2"], Titles((await _app.GetAsync($"{Path}?type=alert")).Json));
        Assert.Equal(["n2"], Titles((await _app.GetAsync($"{Path}?limit=1")).Json));
        Assert.Equal(["n1"], Titles((await _app.GetAsync($"{Path}?limit=1&cursor={(await _app.GetAsync($"{Path}?limit=1")).Get("cursor")}")).Json));
        Assert.Empty(Titles((await _app.GetAsync($"{Path}?workflow_id=other")).Json));
        (await _app.GetAsync($"{Path}?type=nonsense")).ExpectProblem(HttpStatusCode.BadRequest);
        (await _app.GetAsync($"{Path}?user=bob")).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Ack_One_IsDeliveredAndReadOnce()
    {
        var id = await TellAsync(1);

        var read = (await _app.PostAsync($"{Path}/{id}/ack")).Expect(HttpStatusCode.OK).Json;

        Assert.True(read.GetProperty("delivered").GetBoolean());
        Assert.Equal("2030-01-01T00:00:00Z", read.GetProperty("acknowledged_at").GetString());
        Assert.Equal("2030-01-01T00:00:00Z", read.GetProperty("delivered_at").GetString());
        Assert.Empty(Titles((await _app.GetAsync($"{Path}?unread=true")).Json));
        (await _app.PostAsync($"{Path}/{new string('0', 32)}/ack")).ExpectProblem(HttpStatusCode.NotFound);
        (await _app.PostAsync($"{Path}/ACK'--/ack")).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Ack_UpToAnId_LeavesLaterOnes()
    {
        var first = await TellAsync(1);
        await TellAsync(2);

        var answer = (await _app.PostAsync($"{Path}/ack", $$"""{"up_to":"{{first}}"}""")).Expect(HttpStatusCode.OK).Json;

        Assert.Equal((1, 1), (answer.GetProperty("acknowledged").GetInt32(), answer.GetProperty("unread_count").GetInt32()));
        Assert.Equal(0, (await _app.PostAsync($"{Path}/ack")).Json.GetProperty("unread_count").GetInt32());
        (await _app.PostAsync($"{Path}/ack", """{"up_to":"x"}""")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/up_to");
    }

    [Fact]
    public async Task Notifications_OfAnotherUser_AreNotThere()
    {
        var (_, ada) = await _app.KeyAsync(Roles.Reader);
        var (_, bob) = await _app.KeyAsync(Roles.Admin, "bob");
        var id = await TellAsync(1, "ada");

        Assert.Empty(Titles((await _app.GetAsync(Path, TestKeys.Bearer(bob))).Json));
        (await _app.PostAsync($"{Path}/{id}/ack", null, TestKeys.Bearer(bob))).ExpectProblem(HttpStatusCode.NotFound);
        await _app.PostAsync($"{Path}/ack", null, TestKeys.Bearer(bob));
        Assert.Equal(1, (await _app.GetAsync(Path, TestKeys.Bearer(ada))).Json.GetProperty("unread_count").GetInt32());
    }

    [Fact]
    public async Task Preferences_Put_AreReadAgainAndChooseWhatIsTold()
    {
        var wanted = """
            {"types":{"task_complete":[],"alert":["sse","email"]},"digests":{"email":"daily"},
             "quiet_hours":{"from":"22:00","until":"07:30","time_zone":"Europe/Berlin"},"webhook_url":"https://example.com/me"}
            """;

        var put = (await _app.SendAsync(HttpMethod.Put, Preferences, new StringContent(wanted, Encoding.UTF8, "application/json"))).Expect(HttpStatusCode.OK);

        var got = (await _app.GetAsync(Preferences)).Json;
        Assert.Equal(put.Text, got.GetRawText());
        Assert.Equal("""["sse","email"]""", got.GetProperty("types").GetProperty("alert").GetRawText());
        Assert.Equal("""["sse","webhook"]""", got.GetProperty("types").GetProperty("milestone").GetRawText());
        Assert.Equal("22:00", got.GetProperty("quiet_hours").GetProperty("from").GetString());
        Assert.Equal("daily", got.GetProperty("digests").GetProperty("email").GetString());
        await TellAsync(1);
        await TellAsync(2, type: NotificationType.Alert);
        Assert.Equal(["n2"], Titles((await _app.GetAsync(Path)).Json));
    }

    [Theory]
    [InlineData("""{"types":{"alert":["pigeon"]}}""", "/types/alert")]
    [InlineData("""{"types":{"nothing":[]}}""", "/types/nothing")]
    [InlineData("""{"digests":{"sse":"daily"}}""", "/digests/sse")]
    [InlineData("""{"digests":{"email":"weekly"}}""", "/digests/email")]
    [InlineData("""{"quiet_hours":{"from":"22:00","until":"7","time_zone":"Europe/Berlin"}}""", "/quiet_hours/until")]
    [InlineData("""{"quiet_hours":{"from":"22:00","until":"22:00","time_zone":"Europe/Berlin"}}""", "/quiet_hours/until")]
    [InlineData("""{"quiet_hours":{"from":"22:00","until":"07:00","time_zone":"../../etc/passwd"}}""", "/quiet_hours/time_zone")]
    [InlineData("""{"webhook_url":"https://a:b@example.com"}""", "/webhook_url")]
    [InlineData("""{"webhook_url":"file:///etc/passwd"}""", "/webhook_url")]
    public async Task Preferences_Wrong_NamesThePlace(string body, string pointer) =>
        (await _app.SendAsync(HttpMethod.Put, Preferences, new StringContent(body, Encoding.UTF8, "application/json")))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, pointer);

    [Fact]
    public async Task Stream_NewOnes_AreSentAndMarkedAsDelivered()
    {
        var old = await TellAsync(1);
        using var response = await _app.Http.GetAsync(new Uri($"{Path}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal((": open", ""), (await reader.ReadLineAsync(), await reader.ReadLineAsync()));

        var id = await TellAsync(2);

        Assert.Equal($"id: {id}", await reader.ReadLineAsync());
        Assert.Equal("event: notification", await reader.ReadLineAsync());
        Assert.Equal("n2", JsonElement.Parse((await reader.ReadLineAsync())!["data: ".Length..]).GetProperty("title").GetString());
        Assert.Null((await _app.Stores.Notifications.GetAsync("local", old, default))!.DeliveredAt);
    }

    [Fact]
    public async Task Stream_Resumed_SendsWhatCameAfter()
    {
        var first = await TellAsync(1);
        var second = await TellAsync(2);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Path}/events");
        request.Headers.Add("Last-Event-ID", first);
        using var response = await _app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal((": open", ""), (await reader.ReadLineAsync(), await reader.ReadLineAsync()));
        Assert.Equal($"id: {second}", await reader.ReadLineAsync());
        (await _app.GetAsync($"{Path}/events", ("Last-Event-ID", "x\tid: 1"))).ExpectProblem(HttpStatusCode.BadRequest);
    }

    private static IEnumerable<string> Titles(JsonElement list) => list.GetProperty("items").EnumerateArray().Select(static one => one.GetProperty("title").GetString()!);

    private async Task<string> TellAsync(int number, string user = "local", NotificationType type = NotificationType.TaskComplete)
    {
        var told = new RunEvent("r", number, number, EventTypes.TaskCompleted, _app.Time.GetUtcNow().AddMinutes(number), "r:t", JsonElement.Parse("{}"));
        var notification = new NotificationRecord
        {
            Id = NotificationIds.Of(told, user),
            User = user,
            Type = type,
            RunId = "r",
            Sequence = number,
            Title = $"n{number}",
            CreatedAt = told.Time,
        };
        await _app.Services.GetRequiredService<NotificationCenter>().TellAsync(notification, default);
        return notification.Id;
    }
}
