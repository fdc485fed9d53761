using System.Globalization;
using Azure.Data.Tables;
using Troupe.Core.Artifacts;

namespace Troupe.Functions.Storage.Tables;

/// <summary>
/// JSON in an entity: in several properties where one would be too small (64 KiB), as an artifact where the entity would be (1 MiB).
/// </summary>
internal sealed class JsonCells(IArtifactStore artifacts)
{
    /// <summary>Properties hold UTF-16, so a character takes two bytes of the 64 KiB.</summary>
    private const int CellLength = 32_000;

    /// <summary>The longest JSON within an entity: 512 KB, so that a transaction of 4 MiB takes it however its characters are escaped.</summary>
    private const int MaxLength = 8 * CellLength;

    private const string Name = "Json";
    private const string ByReference = "JsonHash";

    public async Task WriteAsync(TableEntity entity, string json, CancellationToken cancellationToken)
    {
        Clear(entity);
        if (json.Length > MaxLength)
        {
            entity[ByReference] = (await artifacts.PutTextAsync(json, "application/json", cancellationToken)).Hash;
            return;
        }

        for (int start = 0, number = 0; start < json.Length; number++)
        {
            var length = CellAt(json, start);
            entity[Cell(number)] = json.Substring(start, length);
            start += length;
        }
    }

    public async Task<string> ReadAsync(TableEntity entity, CancellationToken cancellationToken)
    {
        if (entity.GetString(ByReference) is { } hash)
        {
            return await artifacts.ReadTextAsync(hash, cancellationToken)
                ?? throw new InvalidDataException($"The row {entity.PartitionKey}/{entity.RowKey} refers to the artifact {hash}, which is gone.");
        }

        return string.Concat(Cells(entity));
    }

    private static IEnumerable<string> Cells(TableEntity entity)
    {
        for (var number = 0; entity.GetString(Cell(number)) is { } cell; number++) yield return cell;
    }

    private static void Clear(TableEntity entity)
    {
        foreach (var name in entity.Keys.Where(static name => name.StartsWith(Name, StringComparison.Ordinal)).ToList()) entity.Remove(name);
    }

    /// <summary>A pair of surrogates stays together.</summary>
    private static int CellAt(string json, int start)
    {
        var length = Math.Min(CellLength, json.Length - start);
        return start + length < json.Length && char.IsHighSurrogate(json[start + length - 1]) ? length - 1 : length;
    }

    private static string Cell(int number) => number == 0 ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name}{number}");
}
