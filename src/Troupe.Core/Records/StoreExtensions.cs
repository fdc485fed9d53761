using System.Runtime.CompilerServices;
using Troupe.Core.Deliveries;

namespace Troupe.Core.Records;

/// <summary>Whole lists, read page by page while they are walked through.</summary>
public static class StoreExtensions
{
    private const int PageSize = 500;

    /// <summary>Every task of a run in the order of definition.</summary>
    public static IAsyncEnumerable<TaskRecord> AllTasksAsync(this IRunStore runs, string runId, CancellationToken cancellationToken) =>
        AllAsync(null, (cursor, cancellation) => runs.ListTasksAsync(runId, PageSize, cursor, cancellation), cancellationToken);

    /// <summary>Every run that matches, newest first.</summary>
    public static IAsyncEnumerable<RunRecord> AllRunsAsync(this IRunStore runs, RunQuery query, CancellationToken cancellationToken) =>
        AllAsync(query.Cursor, (cursor, cancellation) => runs.ListRunsAsync(query with { Cursor = cursor, Limit = PageSize }, cancellation), cancellationToken);

    /// <summary>Every gate that matches, newest first.</summary>
    public static IAsyncEnumerable<GateRecord> AllGatesAsync(this IGateStore gates, GateQuery query, CancellationToken cancellationToken) =>
        AllAsync(query.Cursor, (cursor, cancellation) => gates.ListAsync(query with { Cursor = cursor, Limit = PageSize }, cancellation), cancellationToken);

    /// <summary>Every delivery that matches, newest first.</summary>
    public static IAsyncEnumerable<DeliveryRecord> AllDeliveriesAsync(this IDeliveryStore deliveries, DeliveryQuery query, CancellationToken cancellationToken) =>
        AllAsync(query.Cursor, (cursor, cancellation) => deliveries.ListAsync(query with { Cursor = cursor, Limit = PageSize }, cancellation), cancellationToken);

    private static async IAsyncEnumerable<T> AllAsync<T>(
        string? cursor, Func<string?, CancellationToken, Task<Page<T>>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            var page = await read(cursor, cancellationToken);
            foreach (var item in page.Items)
                yield return item;
            cursor = page.Cursor;
        }
        while (cursor is not null);
    }
}
