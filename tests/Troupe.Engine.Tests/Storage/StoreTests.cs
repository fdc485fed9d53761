using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine.InMemory;
using Troupe.Engine.Replay;
using Troupe.Engine.Sqlite;
using Troupe.Engine.Storage;
using Troupe.Sqlite;

namespace Troupe.Engine.Tests.Storage;

public sealed class SqliteStoreTests : StoreContract
{
    private readonly TemporaryFolder _folder = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Send_AfterAReopening_RemembersTheLatestDeliveriesNotTheOldest()
    {
        var message = new OutgoingMessage("a", new EventRaised("e", null));
        await using (var before = await OpenAgainAsync())
        {
            await before.TryCreateAsync(new NewInstance(new InstanceRecord("a", "O", ""), null), displaced: null);
            await Task.WhenAll(Enumerable.Range(0, 5_000).Select(n => before.SendAsync(message, $"before{n}", EventVolume.Unbounded)));
            var record = (await before.FindAsync("a", default))!;
            var inbox = (await before.LoadAsync("a", default))!.Inbox;
            await before.CommitAsync(new StepCommit(record, record with { Steps = 1 }, new Step(default, [], []))
            {
                Consumed = [.. inbox.Select(static waiting => waiting.Sequence)],
            });
        }

        await using var after = await OpenAgainAsync();
        await Task.WhenAll(Enumerable.Range(0, 600).Select(n => after.SendAsync(message, $"after{n}", EventVolume.Unbounded)));

        Assert.Equal(SendOutcome.Duplicate, (await after.SendAsync(message, "after0", EventVolume.Unbounded)).Outcome);
    }

    [Fact]
    public async Task Rewind_LargePayloads_AreKeptOnce()
    {
        var large = $"\"{new string('x', 2_000_000)}\"";
        await using (var store = await OpenAgainAsync())
        {
            await store.TryCreateAsync(new NewInstance(new InstanceRecord("a", "O", ""), large), displaced: null);
            await store.SendAsync(new OutgoingMessage("a", new EventRaised("waits", large)), null, EventVolume.Unbounded);
            var step = new Step(default, [new ExecutionStarted(large)], []);
            var record = (await store.FindAsync("a", default))!;
            var failed = record with { Status = OrchestrationRuntimeStatus.Failed, Steps = 1 };
            await store.CommitAsync(new StepCommit(record, failed, step));

            Assert.True(await store.RewindAsync([new RewoundInstance(failed, failed with { Status = OrchestrationRuntimeStatus.Running, Steps = 0 }, new Rewound([], step.Messages), [])], []));

            var rewound = (await store.LoadAsync("a", default))!;
            Assert.Equal([new ExecutionStarted(large)], rewound.Carried);
            Assert.Equal(new EventRaised("waits", large), Assert.Single(rewound.Inbox).Message);
        }

        await using var database = await SqliteDatabase.OpenAsync(new SqliteDatabaseOptions(AgainPath), HistorySchema.Migrations, NullLogger.Instance, default);
        Assert.Equal(2, await database.ReadAsync(static session => session.QueryInt64("SELECT count(*) FROM payloads"), default));
    }

    [Fact]
    public async Task Open_ByAReleaseThatCannotReadWhatARewindKeeps_IsRefused()
    {
        await (await OpenAgainAsync()).DisposeAsync();

        await Assert.ThrowsAsync<SqliteSchemaTooNewException>(() => SqliteDatabase.OpenAsync(
            new SqliteDatabaseOptions(AgainPath), [.. HistorySchema.Migrations.Take(2)], NullLogger.Instance, default));
    }

    [Fact]
    public async Task Open_OfAnEarlierRelease_MeasuresTheEventsThatWait()
    {
        var large = new string('ü', 1_000_000);
        await using (var earlier = await SqliteDatabase.OpenAsync(
            new SqliteDatabaseOptions(AgainPath), [.. HistorySchema.Migrations.Take(3)], NullLogger.Instance, default))
        {
            await earlier.WriteAsync(session =>
            {
                session.Execute(
                    """
                    INSERT INTO instances (key, id, name, version, execution, status, created_at, updated_at, steps, history_events, open_activities, kept_events, ready)
                    VALUES (1, 'a', 'O', '', 1, 0, 0, 0, 1, 1, 0, 0, 0), (2, 'keeps', 'O', '', 1, 0, 0, 0, 1, 1, 0, 3, 0)
                    """);
                Message[] waiting = [new EventRaised("small", "\"ü\""), new EventRaised("large", large), new ExecutionSuspended("why")];
                foreach (var message in waiting)
                    session.Execute("INSERT INTO inbox (instance, data) VALUES (1, ?)", StepCodec.Encode([message], new HistoryTable.Payloads(session, 1)));
                session.Execute("INSERT INTO inbox (instance, data) VALUES (1, X'FF0102')");
            });
        }

        await using var store = await OpenAgainAsync();

        var refused = await store.SendAsync(new OutgoingMessage("a", new EventRaised("e", null)), null, new EventVolume(3, 1));
        Assert.Equal(new EventVolume(3, 5 + 4 + 5 + 2_000_000 + 3), refused.Waiting);
        Assert.Equal(["a", "keeps"], (await store.ListReadyAsync(default)).Order());
        var keeps = (await store.FindAsync("keeps", default))!;
        Assert.True(keeps.KeepsUnmeasured);
        Assert.True(await store.BlockAsync(keeps, null));
        Assert.Contains("keeps", await store.ListReadyAsync(default));
        await store.CommitAsync(new StepCommit(keeps, keeps with { Steps = 2, KeepsUnmeasured = false, KeptEvents = new EventVolume(3, 30) }, new Step(default, [], [])));
        Assert.Equal(["a"], await store.ListReadyAsync(default));
    }

    private string AgainPath => Path.Combine(_folder.Path, "again.db");

    private async Task<IHistoryStore> OpenAgainAsync() => await SqliteHistoryStore.OpenAsync(AgainPath, NullLogger.Instance, default);

    private protected override async Task<IHistoryStore> OpenAsync() =>
        await SqliteHistoryStore.OpenAsync(Path.Combine(_folder.Path, "history.db"), NullLogger.Instance, default);
}

public sealed class InMemoryStoreTests : StoreContract
{
    private protected override Task<IHistoryStore> OpenAsync() => Task.FromResult<IHistoryStore>(new InMemoryHistoryStore());
}
