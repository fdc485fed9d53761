using System.Collections.Concurrent;
using Azure.Data.Tables;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Notifications;

/// <summary>Who has notifications, as partitions cannot be listed. A user is written down before their first one.</summary>
internal sealed class NotifiedUsers(RecordTables tables)
{
    private const string Partition = "notified-users";

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    public async Task AddAsync(string user, CancellationToken cancellationToken)
    {
        if (_known.ContainsKey(user)) return;
        await tables.Index.TryInsertAsync(new TableEntity(Partition, EntityKey.Of(user)) { ["User"] = user }, cancellationToken);
        _known.TryAdd(user, true);
    }

    public IAsyncEnumerable<string> AllAsync(CancellationToken cancellationToken) =>
        tables.Index.RangeAsync(Partition, KeyRange.All, int.MaxValue, cancellationToken).Select(static row => row.GetString("User"));
}
