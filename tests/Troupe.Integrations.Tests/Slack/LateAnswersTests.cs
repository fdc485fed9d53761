using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Core.Deliveries;
using Troupe.Integrations.Slack;
using Troupe.Testing;

namespace Troupe.Integrations.Tests.Slack;

public sealed class LateAnswersTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource<SlackReply> _work = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SlackReply> _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LateAnswers _late = null!;

    public async Task InitializeAsync()
    {
        _late = new LateAnswers(_time, NullLogger<LateAnswers>.Instance);
        await _late.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _late.StopAsync(CancellationToken.None);
        _late.Dispose();
    }

    [Fact]
    public async Task ReplyAsync_InTime_IsTheAnswerItself()
    {
        _work.SetResult(new SlackReply("done"));
        Assert.Equal("done", (await _late.ReplyAsync(_ => _work.Task, SendAsync)).Text);
        Assert.False(_sent.Task.IsCompleted);
    }

    [Fact]
    public async Task ReplyAsync_TooLate_IsSentAfterwards()
    {
        var reply = _late.ReplyAsync(_ => _work.Task, SendAsync);
        _time.Advance(LateAnswers.Patience);
        Assert.StartsWith("Working on it", (await reply).Text, StringComparison.Ordinal);

        _work.SetResult(new SlackReply("done"));

        Assert.Equal("done", (await _sent.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System)).Text);
    }

    [Fact]
    public async Task ReplyAsync_Broken_TellsNothingOfTheFailure()
    {
        var reply = await _late.ReplyAsync(_ => throw new InvalidOperationException("secret"), SendAsync);
        Assert.DoesNotContain("secret", reply.Text, StringComparison.Ordinal);
    }

    private Task<WebhookAnswer> SendAsync(SlackReply reply, CancellationToken cancellationToken)
    {
        _sent.SetResult(reply);
        return Task.FromResult(new WebhookAnswer(200, null, null));
    }
}
