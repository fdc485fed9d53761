using System.Net;
using Troupe.Core.Access;
using Troupe.Durable;
using Troupe.Web.Tests.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Management;

/// <summary>What orchestrations tell each other would lift limits, hand out permits and end the gate, so that no operator says it for them.</summary>
public sealed class InternalEventTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        foreach (var id in new[] { "run", "run:task", "concurrency~agent-turns" })
            _app.Engine.Add(id, OrchestrationRuntimeStatus.Running);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("run/raiseEvent/inbox")]
    [InlineData("run/raiseEvent/INBOX")]
    [InlineData("run:task/raiseEvent/inbo%78")]
    [InlineData("concurrency~agent-turns/raiseEvent/inbox")]
    [InlineData("concurrency%7Eagent-turns/raiseEvent/anything")]
    public async Task RaiseEvent_OfTheServersOwn_IsForAdmins(string path)
    {
        var operating = TestKeys.Bearer((await _app.KeyAsync(Roles.Operator | Roles.Approver, "otto")).Text);
        var admin = TestKeys.Bearer((await _app.KeyAsync(Roles.Admin, "root")).Text);

        (await _app.PostAsync($"/api/v1/durable/instances/{path}", "{}", operating)).ExpectProblem(HttpStatusCode.Forbidden);
        Assert.Empty(_app.Engine.Calls);
        (await _app.PostAsync($"/api/v1/durable/instances/{path}", "{}", admin)).Expect(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task RaiseEvent_OfAnotherName_IsForOperators()
    {
        var operating = TestKeys.Bearer((await _app.KeyAsync(Roles.Operator, "otto")).Text);
        (await _app.PostAsync("/api/v1/durable/instances/run/raiseEvent/inboxes", "{}", operating)).Expect(HttpStatusCode.Accepted);
    }
}
