using Microsoft.Extensions.Logging;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Integrations.Slack;

/// <summary>
/// Work of Slack's that is answered afterwards. It is written down before Slack hears that it was taken, and a delivery does it and sends the
/// answer, with retries over restarts. The address of the answer lies apart from the delivery, as whoever has it may answer.
/// </summary>
internal sealed partial class SlackReplies(
    ISettingStore settings, DeliveryOutbox outbox, SlackWorker worker, SlackClient client, ILogger<SlackReplies> logger)
    : IDeliveryCarrier
{
    /// <summary>Deliveries that belong to no run stand under this in its place; no run's id has a colon.</summary>
    public const string RunId = "slack:replies";

    /// <summary>The settings that hold the work.</summary>
    public const string Kind = "slack-work";

    private const string Type = "slack.reply";

    /// <summary>Work that fails so often is answered with a regret.</summary>
    private const int MostTries = 2;

    private readonly SettingsOf<SlackWork> _work = new(settings, Kind);

    public string Channel => "slack-reply";

    /// <summary>Takes work in, once for each key. When this returns it survives a crash.</summary>
    public async Task AcceptAsync(SlackWork work, CancellationToken cancellationToken)
    {
        var id = work.ToId();
        await _work.TryAddAsync(id, work, cancellationToken);
        await outbox.SendAsync(
            new DeliveryRecord
            {
                Id = id,
                RunId = RunId,
                Type = Type,
                Sequence = 0,
                Url = new Uri($"slack:{Uri.EscapeDataString(work.Member)}"),
                Channel = Channel,
                Status = DeliveryStatus.Pending,
                CreatedAt = work.At,
                NextAttemptAt = work.At,
            },
            cancellationToken);
    }

    public async Task<WebhookAnswer> SendAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        var work = await _work.GetAsync(delivery.Id, cancellationToken);

        // The row says so, so that a crash before the delivery is settled sends nothing twice.
        if (work?.AnsweredIn == delivery.Round)
            return new WebhookAnswer(null, null, null);
        if (work is null or { AnsweredIn: not null })
            return Failed("What it was to answer is forgotten.", isPassing: false);
        if (await DoAsync(work, delivery, cancellationToken) is not { } reply)
            return Failed("It could not be done; the server's log says more.", isPassing: true);
        var answer = await AnswerAsync(work, reply, cancellationToken);
        if (answer.Failure is null)
            await _work.UpdateAsync(delivery.Id, done => done.ToAnswered(delivery.Round), cancellationToken);
        return answer;
    }

    /// <summary>Null where it is worth another try.</summary>
    /// <exception cref="StoreUnavailableException">No try: it is done once the disk takes writes again.</exception>
    private async Task<SlackReply?> DoAsync(SlackWork work, DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        try
        {
            return await worker.DoAsync(work, cancellationToken);
        }
        catch (Exception e) when (e is not StoreUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, e);
            return delivery.Attempts.Count(made => made.Round == delivery.Round) < MostTries ? null : SlackReply.Broken;
        }
    }

    private Task<WebhookAnswer> AnswerAsync(SlackWork work, SlackReply reply, CancellationToken cancellationToken) => work.Kind == SlackWorkKind.Mention
        ? client.WhisperAsync(reply.ToWhisper(work.Channel ?? "", work.Member), cancellationToken)
        : client.RespondAsync(work.ResponseUrl ?? new Uri("none:"), reply.ToAnswer(), cancellationToken);

    private static WebhookAnswer Failed(string message, bool isPassing) => new(null, null, new Failure(FailureKinds.DeliveryFailed, message, isPassing));

    [LoggerMessage(Level = LogLevel.Error, Message = "A request from Slack could not be carried out")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
