using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Access;
using Troupe.Core.Slack;
using Troupe.Durable;
using Troupe.Web.Tests.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Slack;

/// <summary>What passes between the routes and the app: the body as it came, and the answer.</summary>
public sealed class SlackRouteTests
{
    private const string Path = "/api/v1/slack/commands";

    [Fact]
    public async Task Routes_NotConfigured_AreNotThere()
    {
        await using var app = await TestApp.StartAsync();
        (await app.SendAsync(HttpMethod.Post, Path, Form("a=1"))).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Request_NeedsNoKey_AndKeepsItsBytes()
    {
        var slack = new FakeSlack();
        await using var app = await StartAsync(slack);
        await app.KeyAsync(Roles.Reader);

        var answer = await app.SendAsync(HttpMethod.Post, Path, Form("a=%20&b=+ü"), ("X-Slack-Request-Timestamp", "17"), ("X-Slack-Signature", "v0=abc"));

        Assert.Equal("""{"text":"hi"}""", answer.Expect(HttpStatusCode.OK).Text);
        var got = Assert.Single(slack.Requests);
        Assert.Equal((SlackRequestKind.Command, "17", "v0=abc", "a=%20&b=+ü"), (got.Kind, got.Timestamp, got.Signature, Encoding.UTF8.GetString(got.Body.Span)));
    }

    [Fact]
    public async Task Request_NotSigned_Is401()
    {
        await using var app = await StartAsync(new FakeSlack { Answer = new SlackAnswer(SlackOutcome.NotSigned) });
        (await app.SendAsync(HttpMethod.Post, Path, Form("a=1"))).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Request_TooLongOrOfAnotherType_NeverArrives()
    {
        var slack = new FakeSlack();
        await using var app = await StartAsync(slack);
        (await app.SendAsync(HttpMethod.Post, Path, Form(new string('a', (256 << 10) + 1)))).ExpectProblem(HttpStatusCode.RequestEntityTooLarge);
        (await app.PostAsync(Path, "{}")).ExpectProblem(HttpStatusCode.UnsupportedMediaType);
        (await app.SendAsync(HttpMethod.Post, "/api/v1/slack/events", Form("a=1"))).ExpectProblem(HttpStatusCode.UnsupportedMediaType);
        Assert.Empty(slack.Requests);
    }

    /// <summary>Anything but success has Slack send an event again, and tells who pressed a button.</summary>
    [Fact]
    public async Task Request_CannotBeWrittenDown_Is503_OfAnyOtherFailureIs500()
    {
        await using var full = await StartAsync(new FakeSlack { Failure = new StoreUnavailableException("The disk is full.") });
        await using var broken = await StartAsync(new FakeSlack { Failure = new InvalidOperationException("secret") });

        var refused = await full.SendAsync(HttpMethod.Post, Path, Form("a=1"));
        refused.ExpectProblem(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("5", refused.Header("Retry-After"));
        var failed = await broken.SendAsync(HttpMethod.Post, Path, Form("a=1"));
        failed.ExpectProblem(HttpStatusCode.InternalServerError);
        Assert.DoesNotContain("secret", failed.Text, StringComparison.Ordinal);
    }

    private static Task<TestApp> StartAsync(FakeSlack slack) => TestApp.StartAsync(services: services => services.AddSingleton<ISlackApp>(slack));

    private static StringContent Form(string body) => new(body, Encoding.UTF8, "application/x-www-form-urlencoded");

    private sealed class FakeSlack : ISlackApp
    {
        private readonly ConcurrentQueue<SlackRequest> _requests = new();

        public SlackAnswer Answer { get; init; } = new(SlackOutcome.Answered, JsonElement.Parse("""{"text":"hi"}"""));

        public Exception? Failure { get; init; }

        public IReadOnlyList<SlackRequest> Requests => [.. _requests];

        public bool IsOn => true;

        public Task<SlackAnswer> AnswerAsync(SlackRequest request, CancellationToken cancellationToken)
        {
            _requests.Enqueue(request);
            return Failure is null ? Task.FromResult(Answer) : Task.FromException<SlackAnswer>(Failure);
        }
    }
}
