using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Core.Runs;

namespace Troupe.Integrations.Slack;

/// <summary>Forgets work of Slack's: at once what was answered, after a while what was given up, and never what is on its way.</summary>
internal sealed class SlackRetention(ISettingStore settings, IDeliveryStore deliveries, TimeProvider time) : IRetention
{
    /// <summary>Slack takes an answer for 30 min; what was given up can be redelivered until this.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly SettingsOf<SlackWork> _work = new(settings, SlackReplies.Kind);

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var old = time.GetUtcNow() - Life;
        foreach (var work in await _work.ListAsync(cancellationToken))
        {
            var isDone = work.AnsweredIn is not null || work.At < old;
            if (isDone && await deliveries.GetAsync(work.ToId(), cancellationToken) is not { Status: DeliveryStatus.Pending })
                await _work.DeleteAsync(work.ToId(), cancellationToken);
        }
    }
}
