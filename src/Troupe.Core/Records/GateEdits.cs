using Troupe.Core.Artifacts;

namespace Troupe.Core.Records;

/// <summary>What an approver changed of what runs after a gate.</summary>
/// <param name="Gate">The gate's key in the run.</param>
public sealed record GateEdits(string Gate, string User, DateTimeOffset At, IReadOnlyList<Edit> Changes);

/// <summary>One change.</summary>
/// <param name="Name">The task's key, or the input's name.</param>
/// <param name="Before">A prompt's text; an input's JSON.</param>
public sealed record Edit(EditKind Kind, string Name, Content Before, Content After);

public enum EditKind
{
    Prompt,
    Input,
}
