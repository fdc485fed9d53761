using System.Runtime.CompilerServices;

namespace Troupe.Core.Records;

public static class RunStoreExtensions
{
    private const int PageSize = 500;

    /// <summary>Every task of a run in the order of definition, read page by page.</summary>
    public static async IAsyncEnumerable<TaskRecord> AllTasksAsync(
        this IRunStore runs, string runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await runs.ListTasksAsync(runId, PageSize, cursor, cancellationToken);
            foreach (var task in page.Items)
                yield return task;
            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    /// <summary>Every run that matches, newest first, read page by page.</summary>
    public static async IAsyncEnumerable<RunRecord> AllRunsAsync(
        this IRunStore runs, RunQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = query.Cursor;
        do
        {
            var page = await runs.ListRunsAsync(query with { Cursor = cursor, Limit = PageSize }, cancellationToken);
            foreach (var run in page.Items)
                yield return run;
            cursor = page.Cursor;
        }
        while (cursor is not null);
    }
}
