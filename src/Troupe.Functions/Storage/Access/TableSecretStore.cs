using Azure.Data.Tables;
using Troupe.Core.Access;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Access;

/// <summary>Secrets beside the records. Who may read the app's tables could launch and approve anyway.</summary>
internal sealed class TableSecretStore(RecordTables tables) : ISecretStore
{
    private const string Partition = "secrets";
    private const string Value = "Value";

    public async Task<byte[]> GetOrAddAsync(string name, byte[] offered, CancellationToken cancellationToken)
    {
        var row = EntityKey.Of(name);
        if (await tables.Server.FindAsync(Partition, row, cancellationToken) is { } stored) return stored.GetBinary(Value);
        if (await tables.Server.TryInsertAsync(new TableEntity(Partition, row) { [Value] = offered }, cancellationToken)) return offered;
        return await tables.Server.FindAsync(Partition, row, cancellationToken) is { } first
            ? first.GetBinary(Value)
            : throw new InvalidOperationException($"The secret '{name}' was removed while it was read.");
    }
}
