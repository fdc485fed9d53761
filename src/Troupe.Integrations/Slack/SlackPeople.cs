using Microsoft.Extensions.Options;
using Troupe.Core.Access;
using Troupe.Core.Launching;
using Troupe.Core.Notifications;

namespace Troupe.Integrations.Slack;

/// <summary>Who people of Slack are here. Whoever the configuration does not name is nobody.</summary>
internal sealed class SlackPeople(IOptions<SlackOptions> options) : IKnownPeople
{
    private readonly Dictionary<string, Caller> _callers = options.Value.Users.ToDictionary(static user => user.Key, static user => CallerOf(user.Value), StringComparer.Ordinal);

    public IReadOnlyList<KnownPerson> People => [.. _callers.Values.Select(static caller => new KnownPerson(caller.User, caller.Roles, caller.Groups))];

    public Caller? Find(string slackId) => _callers.GetValueOrDefault(slackId);

    /// <summary>The member of Slack who is that user, if any.</summary>
    public string? IdOf(string user) => _callers.FirstOrDefault(entry => entry.Value.User == user).Key;

    private static Caller CallerOf(SlackUser user)
    {
        var roles = user.Roles.Aggregate(Roles.None, static (roles, word) => RolesExtensions.TryParse(word, out var role) ? roles | role : roles);
        return new Caller(user.User) { Roles = roles.WithImplied(), Groups = [.. user.Groups] };
    }
}
