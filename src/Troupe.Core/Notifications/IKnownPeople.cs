using Troupe.Core.Access;

namespace Troupe.Core.Notifications;

/// <summary>People whom the configuration names, beside the owners of keys.</summary>
public interface IKnownPeople
{
    IReadOnlyList<KnownPerson> People { get; }
}

public sealed record KnownPerson(string User, Roles Roles, IReadOnlyList<string> Groups);
