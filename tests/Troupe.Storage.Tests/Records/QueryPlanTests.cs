using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Sqlite;
using Troupe.Storage.Deliveries;
using Troupe.Storage.Gates;
using Troupe.Storage.Notifications;
using Troupe.Storage.Runs;

namespace Troupe.Storage.Tests.Records;

/// <summary>No query reads more than its answer: each searches an index that is in the order asked for.</summary>
public sealed class QueryPlanTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalStores _stores;

    public QueryPlanTests() => _stores = new LocalStores(_folder.Path);

    public static TheoryData<string, string> Statements => new()
    {
        { RunList.Statement(new RunQuery(), byStatus: false), "runs_created" },
        { RunList.Statement(new RunQuery(), byStatus: true), "runs_status" },
        { RunList.Statement(new RunQuery { Name = "n" }, byStatus: false), "runs_name" },
        { RunList.Statement(new RunQuery { User = "u" }, byStatus: false), "runs_user" },
        { RunList.Statement(new RunQuery { User = "u", Name = "n" }, byStatus: false), "runs_user" },
        { RunList.Statement(new RunQuery { User = "u", Name = "n" }, byStatus: true), "runs_status" },
        { RunList.Statement(new RunQuery { Tag = "t" }, byStatus: false), "PRIMARY KEY" },
        { RunList.Statement(new RunQuery { Tag = "t", User = "u", Name = "n" }, byStatus: true), "PRIMARY KEY" },
        { TaskRows.ListStatement, "tasks_run" },
        { TaskSums.TotalsStatement, "tasks_totals" },
        { TaskSums.RunningStatement, "tasks_totals" },
        { TaskSums.DurationsStatement, "tasks_durations" },
        { GateRows.Statement(new GateQuery()), "gates_created" },
        { GateRows.Statement(new GateQuery { Kind = GateKind.Approval }), "gates_kind" },
        { GateRows.Statement(new GateQuery { Kind = GateKind.Approval, Status = GateStatus.Pending }), "gates_status" },
        { GateRows.Statement(new GateQuery { RunId = "r", Status = GateStatus.Pending }), "gates_run" },
        { DeliveryRows.Statement(new DeliveryQuery()), "deliveries_created" },
        { DeliveryRows.Statement(new DeliveryQuery { Status = DeliveryStatus.Pending }), "deliveries_status" },
        { DeliveryRows.Statement(new DeliveryQuery { RunId = "r", Status = DeliveryStatus.Dead }), "deliveries_run" },
        { NotificationRows.Statement(new NotificationQuery { User = "u" }), "PRIMARY KEY" },
        { NotificationRows.Statement(new NotificationQuery { User = "u", Unread = true }), "notifications_unread" },
        { NotificationRows.Statement(new NotificationQuery { User = "u", Type = NotificationType.Alert }), "notifications_type" },
        { NotificationRows.Statement(new NotificationQuery { User = "u", RunId = "r", Unread = true }), "notifications_run" },
    };

    public Task InitializeAsync() => _stores.Database.OpenAsync();

    public Task DisposeAsync() => _stores.DisposeAsync().AsTask();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Plan_OfEveryList_SearchesAnIndexAndSortsNothing(string statement, string index)
    {
        var values = Enumerable.Repeat(SqliteValue.Null, statement.Count(static character => character == '?')).ToArray();

        var plan = await _stores.Database.ReadAsync(
            session => session.Query($"EXPLAIN QUERY PLAN {statement}", static row => row.GetString(3), values), default);

        Assert.All(plan, static step => Assert.StartsWith("SEARCH", step, StringComparison.Ordinal));
        Assert.Contains(index, plan[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_OfUnacknowledgedGates_WalksOnlyThose()
    {
        var plan = await _stores.Database.ReadAsync(
            session => session.Query(
                $"EXPLAIN QUERY PLAN {GateRows.Statement(new GateQuery { Unacknowledged = true })}", static row => row.GetString(3), 0, 0, 0),
            default);

        Assert.Contains("gates_unacknowledged", Assert.Single(plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Totals_OfARun_AreReadFromTheIndexAlone()
    {
        var plan = await _stores.Database.ReadAsync(
            session => session.Query($"EXPLAIN QUERY PLAN {TaskSums.TotalsStatement}", static row => row.GetString(3), "r"), default);

        Assert.Contains("COVERING INDEX", Assert.Single(plan), StringComparison.Ordinal);
    }
}
