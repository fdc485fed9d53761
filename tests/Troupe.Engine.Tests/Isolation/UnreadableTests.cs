using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine.Sqlite;
using Troupe.Sqlite;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Isolation;

/// <summary>Rows of one instance that nobody can read.</summary>
public sealed class UnreadableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, string> Damages
    {
        get
        {
            (string Sql, string Named)[] places =
            [
                ("UPDATE inbox SET data = ? WHERE instance = ?", "Message 1 in the inbox"),
                ("UPDATE history SET data = ? WHERE instance = ?", "Step 0 of the history"),
                ("UPDATE instances SET carried = ?, steps = 0, ready = 1 WHERE key = ?", "What the instance begins with"),
            ];

            // A newer format, nothing at all, an unknown kind, a huge count, a text longer than the rest, and noise.
            string[] damages = ["FF", "", "0102FFFF", "01FEFFFFFF0F", "010205FF01", "01A39C71E05B2299"];
            var data = new TheoryData<string, string, string>();
            foreach (var (sql, named) in places)
            {
                foreach (var damage in damages) data.Add(sql, named, damage);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Row_Unreadable_BlocksItsInstanceAloneAndSaysWhich(string sql, string named, string damage)
    {
        await using (var engine = await StartAsync())
        {
            await Neighbour.StartAsync(engine);
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 0, new StartOrchestrationOptions("poisoned"));
            await engine.UntilAsync("poisoned", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        }

        await DamageAsync(sql, Convert.FromHexString(damage));

        await using var again = await StartAsync();
        var blocked = await again.UntilAsync("poisoned", static state => state.BlockedReason is not null);
        Assert.Contains(named, blocked.BlockedReason!, StringComparison.Ordinal);
        Assert.Equal(OrchestrationRuntimeStatus.Running, blocked.RuntimeStatus);
        await Neighbour.EndAsync(again);
        await again.Client.TerminateInstanceAsync("poisoned", "given up");
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await again.EndAsync("poisoned")).RuntimeStatus);
        Assert.Equal(1, await again.Client.PurgeInstanceAsync("poisoned"));
    }

    [Theory]
    [InlineData("UPDATE history SET data = ? WHERE instance = ?")]
    [InlineData("UPDATE inbox SET data = ? WHERE instance = ?")]
    public async Task Termination_AcceptedBeforeAKill_EndsAnInstanceThatCannotBeRead(string sql)
    {
        await using (var engine = await StartAsync())
        {
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 0, new StartOrchestrationOptions("poisoned"));
            await engine.UntilAsync("poisoned", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        }

        await DamageAsync(sql, [0xFF]);
        await using (var database = await OpenAsync())
        {
            await database.WriteAsync(static session => session.Execute(
                "INSERT INTO inbox (sequence, instance, data) VALUES (2, (SELECT key FROM instances WHERE id = 'poisoned'), X'01020800')"));
        }

        await using var again = await StartAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await again.EndAsync("poisoned")).RuntimeStatus);
    }

    [Fact]
    public async Task Termination_OfAnInstanceThatCannotBeRead_ReachesItsChildren()
    {
        await using (var engine = await StartAsync())
        {
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Parent", null, new StartOrchestrationOptions("poisoned"));
            await engine.UntilAsync("child", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        }

        await DamageAsync("UPDATE history SET data = ? WHERE instance = ?", [0xFF]);
        await using var again = await StartAsync();
        await again.UntilAsync("poisoned", static state => state.BlockedReason is not null);

        await again.Client.TerminateInstanceAsync("poisoned", "given up");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await again.EndAsync("poisoned")).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await again.EndAsync("child")).RuntimeStatus);
    }

    [Fact]
    public async Task Row_MadeReadableAgain_GoesOn()
    {
        await using (var engine = await StartAsync())
        {
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 0, new StartOrchestrationOptions("poisoned"));
            await engine.UntilAsync("poisoned", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        }

        var sound = await DamageAsync("UPDATE history SET data = ? WHERE instance = ?", [0xFF]);
        await using (var blocked = await StartAsync()) await blocked.UntilAsync("poisoned", static state => state.BlockedReason is not null);
        await DamageAsync("UPDATE history SET data = ? WHERE instance = ?", sound, addMessage: false);

        await using var repaired = await StartAsync();
        await repaired.Client.RaiseEventAsync("poisoned", "go", 5);
        var end = await repaired.EndAsync("poisoned");
        Assert.Equal("5", end.SerializedOutput);
        Assert.Null(end.BlockedReason);
    }

    /// <summary>Writes into the row, after a message that is sound, and returns the history's step as it was.</summary>
    private async Task<byte[]> DamageAsync(string sql, byte[] data, bool addMessage = true)
    {
        await using var database = await OpenAsync();
        return await database.WriteAsync(session =>
        {
            var key = session.QueryInt64("SELECT key FROM instances WHERE id = 'poisoned'");
            if (addMessage) session.Execute("INSERT INTO inbox (sequence, instance, data) VALUES (1, ?, X'010205086E6F6E6500')", key);
            var step = session.QuerySingle("SELECT data FROM history WHERE instance = ?", static row => row.GetBytes(0), key)!;
            if (sql.Contains("carried", StringComparison.Ordinal)) session.Execute("DELETE FROM history WHERE instance = ?", key);
            Assert.Equal(1, session.Execute(sql, data, key));
            return step;
        });
    }

    private Task<SqliteDatabase> OpenAsync() => SqliteDatabase.OpenAsync(
        new SqliteDatabaseOptions(Path.Combine(_folder.Path, "history.db")), HistorySchema.Migrations, NullLogger.Instance, default);

    private Task<EngineFixture> StartAsync() => EngineFixture.StartAsync(
        new DurableTaskRegistry().WithNeighbour()
            .Orchestrator<int, int>("Wait", static (context, _) => context.WaitForExternalEvent<int>("go"))
            .Orchestrator<object?, int>("Parent", static (context, _) =>
                context.CallSubOrchestratorAsync<int>("Wait", 0, new SubOrchestrationOptions(InstanceId: "child"))),
        _folder);
}
