using System.Net;
using Troupe.Durable;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Management;

public sealed class PendingEventTests : IAsyncLifetime
{
    private const string Path = "/api/v1/durable/instances/x/raiseEvent/Go";

    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task RaiseEvent_TooMuchPending_Is429AndATooLargePayload413()
    {
        _app.Engine.Failure = new DurableLimitExceededException("16 events or more wait.") { MayPassLater = true };
        var later = await _app.PostAsync(Path, "1");
        later.ExpectProblem(HttpStatusCode.TooManyRequests);
        Assert.Equal("1", later.Header("Retry-After"));

        _app.Engine.Failure = new DurableLimitExceededException("The payload is too large.");
        (await _app.PostAsync(Path, "1")).ExpectProblem(HttpStatusCode.RequestEntityTooLarge);
        _app.Engine.Failure = null;
        (await _app.PostAsync(Path, $"\"{new string('x', 1 << 20)}\"")).ExpectProblem(HttpStatusCode.RequestEntityTooLarge);
    }
}
