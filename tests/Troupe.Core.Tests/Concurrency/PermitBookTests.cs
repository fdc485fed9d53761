using Troupe.Core.Concurrency;
using Troupe.Durable;

namespace Troupe.Core.Tests.Concurrency;

public sealed class PermitBookTests
{
    private static readonly DateTime Start = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly PermitBook _book = new(new PermitBookState(1, []));
    private DateTime _now = Start;

    [Fact]
    public void Grant_LimitReached_NextOnlyWhenOneIsReturned()
    {
        Assert.Equal(["a"], Ask("a"));
        Assert.Empty(Ask("b"));

        Assert.Equal(["b"], Return("a"));
        Assert.Equal(new PermitCount(1, 1, 0), _book.Count);
    }

    [Fact]
    public void Grant_OtherKey_HasALimitOfItsOwn()
    {
        Assert.Equal(["a"], Ask("a"));
        Assert.Equal(["b"], Ask("b", key: "other"));
    }

    [Fact]
    public void Grant_SeveralWait_HighFirstThenInTheOrderOfComing()
    {
        Ask("held");
        Ask("low", ActivityPriority.Low);
        Ask("first");
        Ask("second");
        Ask("high", ActivityPriority.High);

        Assert.Equal(["high"], Return("held"));
        Assert.Equal(["first"], Return("high"));
        Assert.Equal(["second"], Return("first"));
        Assert.Equal(["low"], Return("second"));
    }

    [Fact]
    public void Grant_LowHasWaitedTwoPeriods_ComesBeforeAFreshHigh()
    {
        Ask("held");
        Ask("low", ActivityPriority.Low);
        _now += (2 * PermitBook.Ageing) + TimeSpan.FromTicks(1);
        Ask("high", ActivityPriority.High);

        Assert.Equal(["low"], Return("held"));
    }

    [Fact]
    public void Ask_HeldAlready_IsToldAgainAndTakesNoSecondPlace()
    {
        Ask("a");

        Assert.Equal(["a"], Ask("a"));
        Assert.Equal(new PermitCount(1, 1, 0), _book.Count);
    }

    [Fact]
    public void Ask_WaitsAlready_KeepsItsPlace()
    {
        Ask("held");
        Ask("a");
        Ask("b");
        _now += TimeSpan.FromMinutes(5);
        Ask("a");

        Assert.Equal(["a"], Return("held"));
    }

    [Fact]
    public void Ask_HoldersNextOne_GivesTheOneBeforeBack()
    {
        Ask("a");
        Ask("b");

        Assert.Equal(["b"], Ask("a", number: 2));
        Assert.Empty(Return("a"));
        Assert.Equal(new PermitCount(1, 1, 1), _book.Count);
    }

    [Fact]
    public void Return_WaitsStill_LeavesTheLine()
    {
        Ask("held");
        Ask("a");
        Ask("b");

        Assert.Empty(Return("a"));
        Assert.Equal(["b"], Return("held"));
    }

    [Fact]
    public void Return_Unknown_ChangesNothing()
    {
        Ask("a");

        Assert.Empty(Return("never asked for"));
        Assert.Equal(new PermitCount(1, 1, 0), _book.Count);
    }

    [Fact]
    public void SetLimit_Raised_GrantsAtOnce_Lowered_TakesNothingBack()
    {
        foreach (var permit in new[] { "a", "b", "c", "d" }) Ask(permit);
        _book.SetLimit(3);
        Assert.Equal(["b", "c"], Granted());

        _book.SetLimit(1);

        Assert.Empty(Return("a"));
        Assert.Empty(Return("b"));
        Assert.Equal(["d"], Return("c"));
    }

    [Fact]
    public void NextCheck_OnlyWhileSomebodyWaits_IsALeaseAfterTheGrant()
    {
        Ask("a");
        Assert.Null(_book.NextCheck);

        _now += TimeSpan.FromSeconds(1);
        Ask("b");

        Assert.Equal(Start + PermitBook.Lease, _book.NextCheck);
    }

    [Fact]
    public void Renew_HolderIsAlive_IsLookedForALeaseLater()
    {
        Ask("a");
        Ask("b");
        _now += PermitBook.Lease;
        var due = Assert.Single(_book.Due(_now, 10));

        _book.Renew(due, _now);

        Assert.Empty(_book.Due(_now, 10));
        Assert.Equal(_now + PermitBook.Lease, _book.NextCheck);
    }

    [Fact]
    public void Due_MoreThanAsked_TheLongestUnseenFirst()
    {
        _book.SetLimit(3);
        foreach (var permit in new[] { "a", "b", "c" })
        {
            Ask(permit);
            _now += TimeSpan.FromSeconds(1);
        }

        _now += PermitBook.Lease;

        Assert.Equal(["a", "b"], _book.Due(_now, 2).Select(static permit => permit.Holder));
    }

    [Fact]
    public void State_ReadAgain_HasTheSameHoldersAndTheSameOrder()
    {
        Ask("held");
        Ask("low", ActivityPriority.Low);
        Ask("b");
        Ask("c");
        var again = new PermitBook(_book.State);

        Assert.Equal(_book.Count, again.Count);
        foreach (var (gone, next) in new[] { ("held", "b"), ("b", "c"), ("c", "low") })
        {
            again.Return(new ReturnedPermit(gone, 1));
            Assert.Equal([next], again.Grant(_now).Select(static permit => permit.Holder));
        }
    }

    private List<string> Ask(string permit, ActivityPriority priority = ActivityPriority.Normal, string key = "k", int number = 1)
    {
        _book.Ask(new PermitAsk(permit, number, key, priority), _now);
        return Granted();
    }

    private List<string> Return(string permit)
    {
        _book.Return(new ReturnedPermit(permit, 1));
        return Granted();
    }

    private List<string> Granted() => [.. _book.Grant(_now).Select(static permit => permit.Holder)];
}
