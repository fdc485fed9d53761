using Azure.Data.Tables;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Runs;

/// <summary>The finished model turns and tool calls, in a partition for each task.</summary>
internal sealed class TurnTable(RecordTables tables, JsonCells cells)
{
    /// <summary>The first one under a key stays.</summary>
    public async Task PutAsync(string taskId, string turnKey, string json, CancellationToken cancellationToken)
    {
        var entity = new TableEntity(EntityKey.Of(taskId), EntityKey.Of(turnKey));
        await cells.WriteAsync(entity, json, cancellationToken);
        await tables.Turns.TryInsertAsync(entity, cancellationToken);
    }

    public async Task<string?> GetAsync(string taskId, string turnKey, CancellationToken cancellationToken) =>
        await tables.Turns.FindAsync(EntityKey.Of(taskId), EntityKey.Of(turnKey), cancellationToken) is { } entity
            ? await cells.ReadAsync(entity, cancellationToken)
            : null;
}
