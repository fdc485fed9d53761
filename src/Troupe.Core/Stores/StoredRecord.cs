using Troupe.Core.Records;

namespace Troupe.Core.Stores;

/// <summary>A record as a store holds it.</summary>
/// <param name="Revision">The number of the orchestrator's last change.</param>
/// <param name="Json">As <see cref="RecordJson"/> writes it.</param>
public sealed record StoredRecord<T>(T Record, long Revision, string Json)
    where T : class
{
    /// <summary>The record as the change leaves it, by the rules of <see cref="Change{T}"/>; null where nothing is to be written or told.</summary>
    /// <exception cref="InvalidOperationException">The change touches what the record is found by.</exception>
    public StoredRecord<T>? Apply(RecordKind<T> kind, Change<T> change)
    {
        if (change.Revision <= Revision) return null;
        var revision = change.Revision ?? Revision;
        var changed = kind.Number(change.Apply(Record), revision);
        var (before, after) = (kind.Place(Record), kind.Place(changed));
        if (!before.Equals(after))
            throw new InvalidOperationException($"A change of '{kind.Id(Record)}' turned {before} into {after}. A record keeps its id, its owner and its place.");
        var json = RecordJson.Write(changed);
        return change.Revision is null && json == Json ? null : new(changed, revision, json);
    }
}
