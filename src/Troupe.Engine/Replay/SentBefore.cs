using System.Runtime.InteropServices;

namespace Troupe.Engine.Replay;

/// <summary>
/// The events that steps had sent before a rewind took them back, and that have not been decided again. Whoever got them keeps them, so the
/// same decision sends nothing. That holds until the step has been taken again: until everything that was open when it was taken back has
/// ended, to the end of that step. From then on an event like them is another one.
/// </summary>
internal sealed class SentBefore
{
    // Few executions are ever rewound.
    private Dictionary<(string InstanceId, string Name, string? Payload), int>? _counts;

    private HashSet<int> _awaited = [];

    /// <param name="rewound">What was taken back.</param>
    /// <param name="open">The calls and children of then: the step taken back is taken again once they have ended.</param>
    public void Add(ExecutionRewound rewound, OpenWork open)
    {
        if (rewound.Sent.Count == 0) return;
        _counts ??= [];
        foreach (var sent in rewound.Sent) CollectionsMarshal.GetValueRefOrAddDefault(_counts, Identity(sent), out _)++;
        _awaited = [.. _awaited, .. open.Activities.Keys, .. open.Children.Keys];
    }

    /// <summary>Told at the end of each step.</summary>
    public void Step(OpenWork open)
    {
        if (_counts is null) return;
        _awaited.RemoveWhere(id => !open.IsTaskOpen(id));
        if (_awaited.Count == 0) _counts = null;
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
