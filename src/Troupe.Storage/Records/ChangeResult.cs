namespace Troupe.Storage.Records;

/// <param name="Record">The record as it now is.</param>
/// <param name="Changed">Whether the change made a difference; if not, nothing was written and its events are dropped.</param>
internal readonly record struct ChangeResult<T>(T Record, bool Changed);

internal static class Immutable
{
    /// <summary>Refuses a change of what a record is found by.</summary>
    public static void Check<T>(string id, T before, T after)
        where T : struct
    {
        if (!EqualityComparer<T>.Default.Equals(before, after))
            throw new InvalidOperationException($"A change of '{id}' turned {before} into {after}. A record keeps its id, its owner and its place.");
    }
}
