using Troupe.Core.Records;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Events;

/// <summary>Events that this process wrote lately, by their places in the feed, so that it need not read them back. What is written never changes.</summary>
internal sealed class RecentEvents
{
    /// <summary>Of data altogether: 8 MB.</summary>
    private const long MaxCharacters = 4 << 20;

    private readonly Bounded<long, IReadOnlyList<RunEvent>> _events = new(MaxCharacters, Weigh);

    public void Wrote(FeedEntry entry, IReadOnlyList<RunEvent> events) => _events.Put(entry.LastPosition, events);

    public IReadOnlyList<RunEvent>? Find(FeedEntry entry) => _events.TryGet(entry.LastPosition, out var events) ? events : null;

    private static long Weigh(IReadOnlyList<RunEvent> events) => events.Sum(static item => 300L + item.Data.GetRawText().Length);
}
