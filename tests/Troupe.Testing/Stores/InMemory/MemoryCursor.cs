using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Troupe.Core.Records;

namespace Troupe.Testing.Stores.InMemory;

/// <summary>Pages of a list that is ordered by a number and the row's own.</summary>
internal static class MemoryCursor
{
    private const int MostItems = 500;

    public static Page<T> Page<T>(IEnumerable<(long Order, long Row, T Item)> rows, bool newestFirst, int limit, string? cursor, char kind)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        limit = Math.Min(limit, MostItems);
        var keyed = rows.Select(static row => (Key: (row.Order, row.Row), row.Item));
        var ordered = newestFirst ? keyed.OrderByDescending(static row => row.Key) : keyed.OrderBy(static row => row.Key);
        var after = Parse(cursor, kind);
        var page = ordered
            .Where(row => after is null || (newestFirst ? row.Key.CompareTo(after.Value) < 0 : row.Key.CompareTo(after.Value) > 0))
            .Take(limit + 1)
            .ToList();
        var more = page.Count > limit;
        if (more) page.RemoveAt(limit);
        return new(page.ConvertAll(static row => row.Item), more ? Write(page[^1].Key, kind) : null);
    }

    private static string Write((long Order, long Row) key, char kind) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind}/{key.Order}/{key.Row}")));

    private static (long Order, long Row)? Parse(string? cursor, char kind)
    {
        if (cursor is null) return null;
        if (Base64Url.IsValid(cursor)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('/') is [{ Length: 1 } letter, var order, var row]
            && letter[0] == kind
            && long.TryParse(order, CultureInfo.InvariantCulture, out var orderValue)
            && long.TryParse(row, CultureInfo.InvariantCulture, out var rowValue))
        {
            return (orderValue, rowValue);
        }

        throw new InvalidCursorException(cursor);
    }
}
