using System.Globalization;
using Azure.Data.Tables;

namespace Troupe.Functions.Storage.Tables;

/// <summary>The version of the tables' layout, kept in a row of its own.</summary>
internal static class RecordSchema
{
    /// <summary>A change that older code would misread takes the next number, and a step here that brings the tables up to it.</summary>
    public const int Version = 1;

    private const string Partition = "schema";
    private const string Row = "version";

    public static async Task CheckAsync(TableClient table, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(Partition, Row, cancellationToken: cancellationToken);
        if (!found.HasValue)
        {
            await table.UpsertEntityAsync(new TableEntity(Partition, Row) { ["Version"] = Version }, TableUpdateMode.Merge, cancellationToken);
            return;
        }

        var version = found.Value!.GetInt32("Version");
        if (version != Version)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The tables of '{table.Name}' have layout version {version}; this program knows {Version}. Deploy the newer program again, or give it another prefix."));
        }
    }
}
