using Azure.Data.Tables;
using Troupe.Core.Records;

namespace Troupe.Functions.Storage.Events;

/// <summary>Events that are about to be appended to a run.</summary>
/// <param name="Head">The head as it was read; without a tag where the run has no events yet.</param>
/// <param name="LastSequence">The run's last sequence so far.</param>
internal sealed record EventDraft(TableEntity Head, IReadOnlyList<NewEvent> Events, long LastSequence)
{
    public bool IsFirst => Head.ETag == default;

    public long FirstSequence => LastSequence + 1;

    public long Last => LastSequence + Events.Count;

    /// <summary>Rows that it takes in a transaction.</summary>
    public int RowCount => Events.Count == 0 ? 0 : 1 + Events.Count + Events.Count(static item => item.DedupKey is not null);
}
