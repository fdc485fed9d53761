using Azure.Data.Tables;

namespace Troupe.Functions.Storage.Tables;

/// <summary>A range of row keys in one partition; the only kind of query there is.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="Before">Exclusive; null for the end of the partition.</param>
/// <param name="After">Exclusive, where a page before ended; null for the beginning.</param>
internal readonly record struct KeyRange(string From, string? Before, string? After = null)
{
    public static KeyRange All { get; } = new("", null);

    /// <summary>Keys that begin with a prefix, which ends in a colon.</summary>
    public static KeyRange Of(string prefix) => new(prefix, $"{prefix[..^1]};");

    public string Filter(string partition)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {From}");
        if (Before is not null) filter += TableClient.CreateQueryFilter($" and RowKey lt {Before}");
        if (After is not null) filter += TableClient.CreateQueryFilter($" and RowKey gt {After}");
        return filter;
    }
}
