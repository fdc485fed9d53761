using Troupe.Core.Records;

namespace Troupe.Core.Approvals;

/// <summary>How a gate was closed, in words for people.</summary>
public static class ClosedWords
{
    /// <summary>Such as <c>ann rejected it</c>.</summary>
    public static string Of(GateRecord gate)
    {
        ArgumentNullException.ThrowIfNull(gate);
        var who = gate.ClosedBy ?? "somebody";
        return gate.Status switch
        {
            GateStatus.Pending => "it is open",
            GateStatus.Approved => $"{who} approved it",
            GateStatus.Rejected => $"{who} rejected it",
            GateStatus.Answered => $"{who} answered it",
            GateStatus.Received => "its callback came",
            GateStatus.TimedOut => "its time was up",
            _ => "its run was cancelled",
        };
    }
}
