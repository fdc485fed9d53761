using Troupe.Core.Records;

namespace Troupe.Web.Views;

/// <param name="Items">At most as many as asked for; fewer do not mean the last page.</param>
/// <param name="Cursor">Leads to the next page; absent on the last.</param>
internal sealed record PageBody<T>(IReadOnlyList<T> Items, string? Cursor)
{
    public static PageBody<T> Of<TRecord>(Page<TRecord> page, Func<TRecord, T> view) => new([.. page.Items.Select(view)], page.Cursor);
}
