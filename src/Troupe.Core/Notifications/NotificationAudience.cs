using Troupe.Core.Access;
using Troupe.Core.Approvals;
using Troupe.Core.Launching;
using Troupe.Core.Records;

namespace Troupe.Core.Notifications;

/// <summary>Whom a notification is for.</summary>
internal sealed class NotificationAudience(IGateStore gates, TimeProvider time, IEnumerable<IKnownPeople> known, KeyRing? ring = null)
{
    /// <summary>Who is told of one approval: 100 users at most.</summary>
    public const int Most = 100;

    public async Task<IReadOnlyList<string>> OfAsync(RunRecord run, NotificationDraft draft, CancellationToken cancellationToken)
    {
        if (draft.GateId is not { } gateId)
            return [run.User];
        if (await gates.GetAsync(gateId, cancellationToken) is not { Status: GateStatus.Pending } gate)
            return [];
        // Who launched a run knows best what its agents ask.
        if (gate.Kind == GateKind.Question && gate.Approvers.Count == 0)
            return [run.User];
        var people = await PeopleAsync(cancellationToken);
        var deciders = gate.Approvers.Count == 0
            ? people.Where(static person => person.Roles.HasFlag(Roles.Approver)).Select(static person => person.User)
            : gate.Approvers.SelectMany(one => Named(one, people));
        var found = deciders.Distinct(StringComparer.Ordinal).Take(Most).ToList();

        // Where nobody is known by name, the run's user knows whom to ask.
        return found.Count > 0 ? found : [run.User];
    }

    /// <summary>The user as a caller, with what is known of them.</summary>
    public async Task<Caller> CallerAsync(string user, CancellationToken cancellationToken)
    {
        var entries = (await PeopleAsync(cancellationToken)).Where(person => person.User == user).ToList();
        return new Caller(user)
        {
            Roles = entries.Aggregate(Roles.None, static (roles, person) => roles | person.Roles),
            Groups = [.. entries.SelectMany(static person => person.Groups).Distinct(StringComparer.Ordinal)],
        };
    }

    private static IEnumerable<string> Named(string approver, List<KnownPerson> people) => approver.StartsWith(Deciders.GroupPrefix, StringComparison.Ordinal)
        ? people.Where(person => person.Groups.Contains(approver[Deciders.GroupPrefix.Length..], StringComparer.Ordinal)).Select(static person => person.User)
        : [approver];

    private async Task<List<KnownPerson>> PeopleAsync(CancellationToken cancellationToken)
    {
        var people = known.SelectMany(static one => one.People).ToList();
        if (ring is null)
            return people;
        var now = time.GetUtcNow();
        var keys = await ring.ListAsync(revokedToo: false, cancellationToken);
        people.AddRange(keys.Where(key => key.IsLive(now)).Select(static key => new KnownPerson(key.Owner, key.Roles.WithImplied(), key.Groups)));
        return people;
    }
}
