using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Engine.Sqlite;
using Troupe.Engine.Storage;
using Troupe.Sqlite;

namespace Troupe.Engine.Tests.Recovery;

public sealed class SqliteCommitPointTests : CommitPointTests
{
    private protected override async Task<IFaultyMedium> CreateMediumAsync()
    {
        var medium = new Medium();
        await medium.OpenAsync();
        return medium;
    }

    private sealed class Medium : IFaultyMedium
    {
        private readonly TemporaryFolder _folder = new();
        private SqliteHistoryStore _store = null!;
        private int _life;

        public IHistoryStore Store => _store;

        private string File => Path.Combine(_folder.Path, $"history-{_life}.db");

        public async Task OpenAsync() => _store = await SqliteHistoryStore.OpenAsync(File, NullLogger.Instance, default);

        /// <summary>Takes the files as they lie while the dead process has them open, as SIGKILL leaves them.</summary>
        public async Task DieAsync()
        {
            var (left, dead) = (File, _store);
            _life++;
            System.IO.File.Copy(left, File);
            System.IO.File.Copy(left + "-wal", File + "-wal");
            await dead.DisposeAsync();
            await OpenAsync();
        }

        public async Task CheckAsync()
        {
            await _store.DisposeAsync();
            await using var database = await SqliteDatabase.OpenAsync(new SqliteDatabaseOptions(File), HistorySchema.Migrations, NullLogger.Instance, default);
            Assert.Equal("ok", await database.ReadAsync(static session => session.QuerySingle("PRAGMA integrity_check", static row => row.GetString(0))));
        }

        public async ValueTask DisposeAsync()
        {
            await _store.DisposeAsync();
            _folder.Dispose();
        }
    }
}
