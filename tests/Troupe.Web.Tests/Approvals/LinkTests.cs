using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Access;
using Troupe.Core.Approvals;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Web.Tests.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Approvals;

public sealed class LinkTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Link_OfAnApprover_DecidesOnceAndWithoutAKey()
    {
        await OpenAsync("g", "group:leads");
        var (_, key) = await _app.KeyAsync(Roles.Approver, "ada", groups: "leads");
        var links = (await _app.PostAsync("/api/v1/approvals/r:g/links", """{"expires":"2h"}""", TestKeys.Bearer(key))).Expect(HttpStatusCode.Created);
        var (approve, reject) = (PathOf(links.Get("approve_url")), PathOf(links.Get("reject_url")));

        foreach (var _ in Enumerable.Range(0, 3))
        {
            var page = (await _app.GetAsync(approve)).Expect(HttpStatusCode.OK);
            Assert.Equal("text/html", page.ContentHeaders.ContentType?.MediaType);
            Assert.Contains("<button type=\"submit\">Approve</button>", page.Text, StringComparison.Ordinal);
            Assert.Equal("same-origin", page.Header("Referrer-Policy"));
        }

        Assert.Equal(GateStatus.Pending, (await GateAsync("g")).Status);
        Assert.Contains("ada has approved", (await PressAsync(approve)).Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        var gate = await GateAsync("g");
        Assert.Equal((GateStatus.Approved, "ada", "link"), (gate.Status, gate.ClosedBy, gate.Decisions[0].Via));
        (await PressAsync(approve)).Expect(HttpStatusCode.Conflict);
        (await PressAsync(reject)).Expect(HttpStatusCode.Conflict);
        Assert.DoesNotContain("<form", (await _app.GetAsync(approve)).Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        Assert.Equal(GateStatus.Approved, (await GateAsync("g")).Status);
    }

    [Fact]
    public async Task Link_PressedTwiceAtTheSameInstant_DecidesOnce()
    {
        await OpenAsync("g");
        var path = await LinkAsync("g", approves: false);
        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PressAsync(path)));
        Assert.Single(replies, static reply => reply.Status == HttpStatusCode.OK);
        Assert.Equal(11, replies.Count(static reply => reply.Status == HttpStatusCode.Conflict));
        Assert.Single((await GateAsync("g")).Decisions);
    }

    [Fact]
    public async Task Link_ForgedChangedOrExpired_OpensNothing()
    {
        await OpenAsync("g");
        var path = await LinkAsync("g", approves: true);
        var signer = _app.Services.GetRequiredService<TokenSigner>();
        var foreign = ApprovalLinks.Path + await signer.SignAsync("run-status", "approve\nr:g\nada\n", TimeSpan.FromHours(1), default);
        foreach (var wrong in new[] { ApprovalLinks.Path, ApprovalLinks.Path + "x", path[..^2] + (path[^2] == 'A' ? 'B' : 'A') + path[^1], foreign, $"{path}&token=x", "/api/v1/approvals/link" })
        {
            (await _app.GetAsync(wrong)).Expect(HttpStatusCode.NotFound);
            (await PressAsync(wrong)).Expect(HttpStatusCode.NotFound);
        }

        _app.Time.Advance(TimeSpan.FromHours(1));
        (await PressAsync(path)).Expect(HttpStatusCode.NotFound);
        Assert.Equal(GateStatus.Pending, (await GateAsync("g")).Status);
    }

    [Fact]
    public async Task Link_OfAClosedGateOrAUserWhoMayNotDecideAnyMore_IsClosed()
    {
        await OpenAsync("g", "ada", "bo");
        var path = await LinkAsync("g", approves: true);
        await _app.Stores.Gates.UpdateAsync("r:g", new Change<GateRecord>(static gate => gate with { Approvers = ["bo"] }), default);
        Assert.Contains("ada may not decide this any more", (await PressAsync(path)).Expect(HttpStatusCode.Conflict).Text, StringComparison.Ordinal);
        await _app.Stores.Gates.UpdateAsync("r:g", new Change<GateRecord>(static gate => gate with { Approvers = [], Status = GateStatus.TimedOut }), default);
        Assert.Contains("its time was up", (await PressAsync(path)).Expect(HttpStatusCode.Conflict).Text, StringComparison.Ordinal);
        Assert.Null(await _app.Services.GetRequiredService<ApprovalLinks>().CreateAsync("r:g", approves: true, new Caller("ada"), TimeSpan.FromHours(1), default));
        (await _app.PostAsync("/api/v1/approvals/r:g/links", "{}")).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Links_NotAmongTheApprovers_Are403()
    {
        await OpenAsync("g", "bo");
        (await _app.PostAsync("/api/v1/approvals/r:g/links", "{}")).ExpectProblem(HttpStatusCode.Forbidden);
        (await _app.PostAsync("/api/v1/approvals/r:none/links", "{}")).ExpectProblem(HttpStatusCode.NotFound);
        (await _app.PostAsync("/api/v1/approvals/r:g/links", """{"expires":"99d"}""")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/expires");
    }

    [Fact]
    public async Task Page_UntrustedTexts_AreNoMarkup()
    {
        await OpenAsync("g");
        await _app.Stores.Gates.UpdateAsync("r:g", new Change<GateRecord>(static gate => gate with { Title = "<script>x</script>", Description = "\"><img src=//evil>" }), default);
        var page = await _app.GetAsync(await LinkAsync("g", approves: true));
        Assert.DoesNotContain("<script", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page.Text, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_PressedFromAnotherSite_IsRefused()
    {
        await OpenAsync("g");
        var path = await LinkAsync("g", approves: true);
        (await PressAsync(path, ("Origin", "https://evil.example"))).ExpectProblem(HttpStatusCode.Forbidden);
        Assert.Equal(GateStatus.Pending, (await GateAsync("g")).Status);
        (await PressAsync(path, ("Origin", "http://localhost"))).Expect(HttpStatusCode.OK);
    }

    private static string PathOf(string url) => new Uri(url).PathAndQuery;

    private Task<Reply> PressAsync(string path, params (string Name, string Value)[] headers) =>
        _app.SendAsync(HttpMethod.Post, path, new StringContent("", Encoding.UTF8, "application/x-www-form-urlencoded"), headers);

    private async Task<string> LinkAsync(string key, bool approves) =>
        (await _app.Services.GetRequiredService<ApprovalLinks>().CreateAsync($"r:{key}", approves, new Caller("ada"), TimeSpan.FromHours(1), default))!;

    private async Task<GateRecord> GateAsync(string key) => (await _app.Stores.Gates.GetAsync($"r:{key}", default))!;

    private async Task OpenAsync(string key, params string[] approvers)
    {
        await _app.RunAsync("r");
        await _app.Stores.Gates.CreateIfAbsentAsync(
            new GateRecord { Id = $"r:{key}", RunId = "r", Key = key, Kind = GateKind.Approval, Title = "Go on?", Status = GateStatus.Pending, CreatedAt = _app.Time.GetUtcNow(), Approvers = approvers },
            [],
            default);
    }
}
