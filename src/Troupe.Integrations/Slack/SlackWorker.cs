using Microsoft.Extensions.Options;
using Troupe.Core.Launching;

namespace Troupe.Integrations.Slack;

/// <summary>Does what somebody in Slack wants, as the user whom the configuration names.</summary>
internal sealed class SlackWorker(IOptions<SlackOptions> options, SlackPeople people, SlackCommands commands, SlackInteractions interactions)
{
    private readonly SlackOptions _options = options.Value;

    public Task<SlackReply> DoAsync(SlackWork work, CancellationToken cancellationToken) => Find(work) is not { } caller
        ? Task.FromResult(new SlackReply($"You are nobody here yet. An administrator can name you in {SlackOptions.Section}:Users:{SlackText.Escape(work.Member)}."))
        : work.Kind == SlackWorkKind.Decision
            ? interactions.DecideAsync(work.Approves, work.Gate ?? "", caller, cancellationToken)
            : commands.DoAsync(work.Text, caller, work.Key, cancellationToken);

    private Caller? Find(SlackWork work) => _options.TeamId is { } only && only != work.Team ? null : people.Find(work.Member);
}
