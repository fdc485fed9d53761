using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Engine.InMemory;
using Troupe.Engine.Sqlite;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Tests.Storage;

public sealed class SqliteStoreTests : StoreContract
{
    private readonly TemporaryFolder _folder = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private protected override async Task<IHistoryStore> OpenAsync() =>
        await SqliteHistoryStore.OpenAsync(Path.Combine(_folder.Path, "history.db"), NullLogger.Instance, default);
}

public sealed class InMemoryStoreTests : StoreContract
{
    private protected override Task<IHistoryStore> OpenAsync() => Task.FromResult<IHistoryStore>(new InMemoryHistoryStore());
}
