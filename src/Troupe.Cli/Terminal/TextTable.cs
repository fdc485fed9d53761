namespace Troupe.Cli.Terminal;

/// <param name="Name">Its head.</param>
/// <param name="Of">The cell of a row.</param>
/// <param name="Width">Longer cells are cut.</param>
internal sealed record Column<T>(string Name, Func<T, string?> Of, int Width = 40);

/// <summary>Aligned columns of text that other programs can cut apart.</summary>
internal static class TextTable
{
    public static void Write<T>(TextWriter output, IReadOnlyList<T> rows, IReadOnlyList<Column<T>> columns)
    {
        string[][] cells =
        [
            [.. columns.Select(static column => column.Name.ToUpperInvariant())],
            .. rows.Select(row => columns.Select(column => Words.Line(column.Of(row) ?? "", column.Width)).ToArray()),
        ];
        var widths = columns.Select((_, index) => cells.Max(row => row[index].Length)).ToArray();
        foreach (var row in cells)
            output.WriteLine(string.Join("  ", row.Select((cell, index) => cell.PadRight(widths[index]))).TrimEnd());
    }
}
