using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Engine.InMemory;
using Troupe.Engine.Replay;
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

    [Fact]
    public async Task Send_AfterAReopening_RemembersTheLatestDeliveriesNotTheOldest()
    {
        var message = new OutgoingMessage("a", new EventRaised("e", null));
        await using (var before = await OpenAgainAsync())
        {
            await before.TryCreateAsync(new NewInstance(new InstanceRecord("a", "O", ""), null), replaceFinished: false);
            await Task.WhenAll(Enumerable.Range(0, 5_000).Select(n => before.SendAsync(message, $"before{n}", int.MaxValue)));
            var record = (await before.FindAsync("a", default))!;
            var inbox = (await before.LoadAsync("a", default))!.Inbox;
            await before.CommitAsync(new StepCommit(record, record with { Steps = 1 }, new Step(default, [], []))
            {
                Consumed = [.. inbox.Select(static waiting => waiting.Sequence)],
            });
        }

        await using var after = await OpenAgainAsync();
        await Task.WhenAll(Enumerable.Range(0, 600).Select(n => after.SendAsync(message, $"after{n}", int.MaxValue)));

        Assert.Equal(SendOutcome.Duplicate, (await after.SendAsync(message, "after0", int.MaxValue)).Outcome);
    }

    private async Task<IHistoryStore> OpenAgainAsync() =>
        await SqliteHistoryStore.OpenAsync(Path.Combine(_folder.Path, "again.db"), NullLogger.Instance, default);

    private protected override async Task<IHistoryStore> OpenAsync() =>
        await SqliteHistoryStore.OpenAsync(Path.Combine(_folder.Path, "history.db"), NullLogger.Instance, default);
}

public sealed class InMemoryStoreTests : StoreContract
{
    private protected override Task<IHistoryStore> OpenAsync() => Task.FromResult<IHistoryStore>(new InMemoryHistoryStore());
}
