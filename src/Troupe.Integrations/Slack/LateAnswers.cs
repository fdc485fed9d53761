using Microsoft.Extensions.Logging;

namespace Troupe.Integrations.Slack;

/// <summary>Answers in time where it can; what takes longer is written down, and answered afterwards.</summary>
internal sealed partial class LateAnswers(SlackWorker worker, SlackReplies replies, TimeProvider time, ILogger<LateAnswers> logger)
{
    /// <summary>Slack waits 3 s, its way there and back included.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1_800);

    /// <summary>For writing it down.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(700);

    private static readonly SlackReply Later = new("Working on it …");
    private static readonly SlackReply Unsure = new("The server is too busy to say whether this is taken. It may still be done: try again only if no answer comes within some minutes.");

    /// <summary>The reply; where it is not there in time, another that says so, and the reply itself is sent once it is, over crashes too.</summary>
    public async Task<SlackReply> ReplyAsync(SlackWork work)
    {
        using var enough = new CancellationTokenSource();
        var reply = SafelyAsync(() => worker.DoAsync(work, enough.Token), SlackReply.Broken);
        if (await IsInTimeAsync(reply, Patience))
            return await reply;

        // What was begun is left, and done again from what is written down. That too can come about after its time, or after a failure half-way.
        await enough.CancelAsync();
        var kept = SafelyAsync(
            async () =>
            {
                await replies.AcceptAsync(work, CancellationToken.None);
                return Later;
            },
            Unsure);
        return await IsInTimeAsync(kept, Grace) ? await kept : Unsure;
    }

    private async Task<SlackReply> SafelyAsync(Func<Task<SlackReply>> act, SlackReply otherwise)
    {
        // The patience runs from here on, whatever is done before the first wait.
        await Task.Yield();
        try
        {
            return await act();
        }
        catch (OperationCanceledException)
        {
            return otherwise;
        }
        catch (Exception e)
        {
            LogFailed(logger, e);
            return otherwise;
        }
    }

    private async Task<bool> IsInTimeAsync(Task reply, TimeSpan patience)
    {
        using var enough = new CancellationTokenSource();
        var first = await Task.WhenAny(reply, Task.Delay(patience, time, enough.Token));
        await enough.CancelAsync();
        return first == reply;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request from Slack could not be carried out")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
