using Troupe.Core.Stores;
using Troupe.Durable;
using Troupe.Testing;

namespace Troupe.Core.Tests.Stores;

public sealed class PersistentTests
{
    private readonly ManualTimeProvider _time = new();
    private int _tries;

    [Fact]
    public async Task Store_WhileTheDiskIsFull_IsTriedAfterASecondAndThenEveryFive()
    {
        var stored = Persistent.StoreAsync(() => ++_tries < 4 ? throw new StoreUnavailableException("full") : Task.FromResult("kept"), _time, default);
        foreach (var (seconds, tries) in new[] { (1, 2), (5, 3), (5, 4) })
        {
            Assert.Equal(tries - 1, _tries);
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(tries - 1, _tries);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            while (_tries < tries || (tries < 4 && _time.ActiveTimers == 0)) await Task.Yield();
        }

        Assert.Equal("kept", await stored);
    }

    [Fact]
    public async Task Store_AnotherFailure_IsNotTriedAgain()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Persistent.StoreAsync(
            () =>
            {
                _tries++;
                throw new InvalidDataException("wrong");
            },
            _time,
            default));

        Assert.Equal(1, _tries);
    }

    [Fact]
    public async Task Store_Cancelled_GivesUp()
    {
        using var stop = new CancellationTokenSource();
        var stored = Persistent.StoreAsync(static () => throw new StoreUnavailableException("full"), _time, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stored);
    }
}
