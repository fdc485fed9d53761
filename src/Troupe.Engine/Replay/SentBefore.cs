using System.Runtime.InteropServices;

namespace Troupe.Engine.Replay;

/// <summary>
/// The events that steps had sent before a rewind took them back, and that have not been decided again. Whoever got them keeps them, so the
/// same decision sends nothing.
/// </summary>
internal sealed class SentBefore
{
    // Few executions are ever rewound.
    private Dictionary<(string InstanceId, string Name, string? Payload), int>? _counts;

    public void Add(ExecutionRewound rewound)
    {
        if (rewound.Sent.Count > 0) _counts ??= [];
        foreach (var sent in rewound.Sent) CollectionsMarshal.GetValueRefOrAddDefault(_counts!, Identity(sent), out _)++;
    }

    /// <summary>The decision, marked where it is one of them.</summary>
    public Decision Mark(Decision decision) =>
        decision is EventSent sent && _counts?.GetValueOrDefault(Identity(sent)) > 0 ? sent with { WasSentBefore = true } : decision;

    /// <summary>Takes out what was decided again.</summary>
    public void Apply(Decision decision)
    {
        if (_counts is not null && decision is EventSent { WasSentBefore: true } sent)
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, Identity(sent), out _)--;
    }

    private static (string InstanceId, string Name, string? Payload) Identity(EventSent sent) =>
        (sent.InstanceId, sent.Name.ToUpperInvariant(), sent.Payload);
}
