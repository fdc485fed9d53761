using Troupe.Core.Launching;
using Troupe.Core.Records;

namespace Troupe.Core.Approvals;

/// <summary>Who may decide a gate: users by name, groups as <c>group:name</c>, everybody with the role where none is named.</summary>
public static class Deciders
{
    public const string GroupPrefix = "group:";

    public static bool MayBeDecidedBy(this GateRecord gate, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(caller);
        return gate.Approvers.Count == 0 || gate.Approvers.Any(one => Names(one, caller));
    }

    /// <summary>The group by which the caller may decide; null where it needs none.</summary>
    internal static string? GroupOf(GateRecord gate, Caller caller) =>
        gate.Approvers.Count == 0 || gate.Approvers.Contains(caller.User, StringComparer.Ordinal)
            ? null
            : caller.Groups.FirstOrDefault(group => gate.Approvers.Contains(GroupPrefix + group, StringComparer.Ordinal));

    /// <summary>In words, for people.</summary>
    internal static string Describe(GateRecord gate) =>
        gate.Approvers.Count == 0 ? "everybody with the role approver" : string.Join(", ", gate.Approvers);

    // A user whose name looks like a group is none.
    private static bool Names(string one, Caller caller) => one.StartsWith(GroupPrefix, StringComparison.Ordinal)
        ? caller.Groups.Contains(one[GroupPrefix.Length..], StringComparer.Ordinal)
        : one == caller.User;
}
