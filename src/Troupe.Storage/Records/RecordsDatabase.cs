using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Sqlite;
using Troupe.Storage.Artifacts;

namespace Troupe.Storage.Records;

/// <summary>The one database of the records. It opens with its first use, or when the host starts.</summary>
internal sealed class RecordsDatabase : IStoreHealth, IAsyncDisposable
{
    private readonly StorageFolder _folder;
    private readonly ArtifactFiles _artifacts;
    private readonly ILogger _logger;
    private readonly Lazy<Task<SqliteDatabase>> _database;

    public RecordsDatabase(StorageFolder folder, ArtifactFiles artifacts, ILogger<RecordsDatabase>? logger = null)
    {
        _folder = folder;
        _artifacts = artifacts;
        _logger = logger ?? NullLogger<RecordsDatabase>.Instance;
        _database = new Lazy<Task<SqliteDatabase>>(OpenDatabaseAsync);
    }

    public Task OpenAsync() => _database.Value;

    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> query, CancellationToken cancellationToken)
    {
        var database = await _database.Value;
        return await database.ReadAsync(query, cancellationToken);
    }

    /// <exception cref="StoreUnavailableException">The disk is full or fails; nothing of the work was kept.</exception>
    /// <inheritdoc cref="SqliteDatabase.WriteAsync{T}"/>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var database = await _database.Value;
        return await database.WriteAsync(work, cancellationToken);
    }

    public async Task<string?> CheckWritesAsync(CancellationToken cancellationToken)
    {
        var database = await _database.Value;
        return (await database.CheckWritesAsync(cancellationToken))?.Reason;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_database.IsValueCreated) return;
        await ((Task)_database.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_database.Value.IsCompletedSuccessfully) return;
        var database = await _database.Value;
        await database.DisposeAsync();
    }

    private async Task<SqliteDatabase> OpenDatabaseAsync()
    {
        _folder.Create();
        var database = await SqliteDatabase.OpenAsync(
            new SqliteDatabaseOptions(_folder.Records)
            {
                TranslateStorageFailure = static failure => new StoreUnavailableException(failure.Reason, failure),
            },
            RecordsSchema.Migrations,
            _logger,
            CancellationToken.None);
        try
        {
            // Only now is it certain that no other process is writing artifacts.
            _artifacts.Prepare();
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}
