using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Engine.Sqlite;
using Troupe.Engine.Storage;
using Troupe.Sqlite;
using Troupe.Testing.Disk;

namespace Troupe.Engine.Tests.Recovery;

public sealed class SqliteCommitPointTests : CommitPointTests
{
    /// <summary>Every so many actions of the disk; TROUPE_EVERY_FAULT=1 takes each one.</summary>
    private static readonly int Stride = Environment.GetEnvironmentVariable("TROUPE_EVERY_FAULT") == "1" ? 1 : 15;

    [Theory]
    [InlineData(DiskVerdict.Failed, false)]
    [InlineData(DiskVerdict.Full, false)]
    [InlineData(DiskVerdict.Torn, false)]
    [InlineData(DiskVerdict.Failed, true)]
    [InlineData(DiskVerdict.Torn, true)]
    public async Task Disk_FailsAtAnyAction_LeavesWhatAFaultlessRunLeaves(DiskVerdict fault, bool dies)
    {
        var k = 1 + (int)fault;
        for (var struck = true; struck; k += AtOnce * Stride)
        {
            var plans = Enumerable.Range(0, AtOnce).Select(i => new FaultPlan(k + (i * Stride), Fault.BeforeCommit, dies)).ToList();
            await Task.WhenAll(plans.Select(plan => Task.Run(async () =>
            {
                await using var medium = new Medium();
                await medium.OpenAsync();
                medium.Spoil(plan, fault);
                await PlayAsync(plan, new FaultPlan(int.MaxValue, Fault.BeforeCommit, dies), medium);
            })));
            struck = plans.TrueForAll(static plan => plan.Struck.IsCompleted);
        }

        Assert.InRange(k, 330, 3_000);
    }

    private protected override async Task<IFaultyMedium> CreateMediumAsync()
    {
        var medium = new Medium();
        await medium.OpenAsync();
        return medium;
    }

    private sealed class Medium : IFaultyMedium
    {
        private readonly TemporaryFolder _folder = new();
        private readonly FaultyDisk _disk;
        private SqliteHistoryStore _store = null!;
        private FaultPlan? _plan;
        private DiskVerdict _fault;
        private int _life;

        public Medium() => _disk = new FaultyDisk(_folder.Path, Judge);

        public IHistoryStore Store => _store;

        private string File => Path.Combine(_folder.Path, $"history-{_life}.db");

        /// <summary>The disk fails as planned from now on, under the file of the first life.</summary>
        public void Spoil(FaultPlan plan, DiskVerdict fault)
        {
            _fault = fault;
            _plan = plan;
        }

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
            _disk.Dispose();
            _folder.Dispose();
        }

        private DiskVerdict Judge(DiskAction action, string path, long end)
        {
            if (_plan is not { } plan || !path.Contains("history-0", StringComparison.Ordinal)) return DiskVerdict.Done;
            if (plan is { Dies: true, Struck.IsCompleted: true }) return DiskVerdict.Failed;
            if (!plan.Strikes(isRead: false, [action.ToString()])) return DiskVerdict.Done;
            plan.Strike();
            return _fault;
        }
    }
}
