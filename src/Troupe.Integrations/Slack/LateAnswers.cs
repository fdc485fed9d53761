using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Troupe.Core.Deliveries;

namespace Troupe.Integrations.Slack;

/// <summary>Answers in time where it can, and sends what came too late afterwards.</summary>
internal sealed partial class LateAnswers : BackgroundService
{
    /// <summary>Slack waits 3 s, its way there and back included.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int MostWaiting = 200;
    private const int AtOnce = 8;

    private static readonly SlackReply Later = new("Working on it …");
    private static readonly SlackReply Busy = new("Too much is going on; try again in a minute.");
    private static readonly SlackReply Broken = new("That failed. The server's log says more.");

    private readonly Channel<Late> _late = Channel.CreateBounded<Late>(MostWaiting);
    private readonly CancellationTokenSource _end = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public LateAnswers(TimeProvider time, ILogger<LateAnswers> logger) => (_time, _logger) = (time, logger);

    /// <summary>The reply; where it is not there in time, another that says so, and the reply itself is sent once it is.</summary>
    public async Task<SlackReply> ReplyAsync(Func<CancellationToken, Task<SlackReply>> work, Func<SlackReply, CancellationToken, Task<WebhookAnswer>> send)
    {
        var reply = WorkAsync(work);
        if (await IsInTimeAsync(reply))
            return await reply;
        return _late.Writer.TryWrite(new Late(reply, send)) ? Later : Busy;
    }

    /// <summary>Does the work, in time if it can, and sends the reply.</summary>
    public async Task SendAsync(Func<CancellationToken, Task<SlackReply>> work, Func<SlackReply, CancellationToken, Task<WebhookAnswer>> send)
    {
        var reply = WorkAsync(work);
        await IsInTimeAsync(reply);
        if (!_late.Writer.TryWrite(new Late(reply, send)))
            LogDropped(_logger, MostWaiting);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _end.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _end.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken };
        try
        {
            await Parallel.ForEachAsync(_late.Reader.ReadAllAsync(stoppingToken), options, SendAsync).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops, or another service kept it from starting.
        }
    }

    private async ValueTask SendAsync(Late late, CancellationToken cancellationToken)
    {
        try
        {
            if ((await late.Send(await late.Reply.WaitAsync(cancellationToken), cancellationToken)).Failure is { } failure)
                LogUnsent(_logger, failure.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(_logger, e);
        }
    }

    private async Task<SlackReply> WorkAsync(Func<CancellationToken, Task<SlackReply>> work)
    {
        try
        {
            return await work(_end.Token);
        }
        catch (Exception e) when (!_end.IsCancellationRequested)
        {
            LogFailed(_logger, e);
            return Broken;
        }
    }

    private async Task<bool> IsInTimeAsync(Task<SlackReply> reply)
    {
        using var enough = new CancellationTokenSource();
        var first = await Task.WhenAny(reply, Task.Delay(Patience, _time, enough.Token));
        await enough.CancelAsync();
        return first == reply;
    }

    private sealed record Late(Task<SlackReply> Reply, Func<SlackReply, CancellationToken, Task<WebhookAnswer>> Send);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request from Slack could not be carried out")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A late answer did not reach Slack: {Problem}")]
    private static partial void LogUnsent(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An answer to Slack was left out: {Most} are waiting")]
    private static partial void LogDropped(ILogger logger, int most);
}
