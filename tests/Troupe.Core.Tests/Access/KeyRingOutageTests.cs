using Troupe.Core.Access;
using Troupe.Durable;
using Troupe.Testing;

namespace Troupe.Core.Tests.Access;

/// <summary>Callers who come while the store does not answer wait for one reading together, not one behind the other.</summary>
public sealed class KeyRingOutageTests
{
    private readonly SlowStore _store = new();
    private readonly ManualTimeProvider _time = new();
    private readonly KeyRing _ring;

    public KeyRingOutageTests() => _ring = new KeyRing(_store, _time);

    [Fact]
    public async Task Find_StoreFails_AllWhoWaitHearItOfOneReading()
    {
        var waiting = Enumerable.Range(0, 5).Select(_ => _ring.FindAsync("nothing", default).AsTask()).ToList();
        Assert.Equal(1, _store.Readings);

        _store.Fail();

        foreach (var one in waiting)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => one);
        Assert.Equal(1, _store.Readings);
        var next = _ring.FindAsync("nothing", default).AsTask();
        Assert.Equal(2, _store.Readings);
        _store.Answer();
        Assert.Null(await next);
    }

    [Fact]
    public async Task Find_OneGivesUp_TheOthersReadOn()
    {
        using var patience = new CancellationTokenSource();
        var impatient = _ring.FindAsync("nothing", patience.Token).AsTask();
        var patient = _ring.FindAsync("nothing", default).AsTask();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        _store.Answer();
        Assert.Null(await patient);
        Assert.Equal(1, _store.Readings);
    }

    [Fact]
    public async Task Find_CameLongAfterTheReadingBegan_IsAnsweredByOneBegunLater()
    {
        var early = _ring.FindAsync("nothing", default).AsTask();
        _time.Advance(2 * KeyRing.MaxAge);
        var late = _ring.FindAsync("nothing", default).AsTask();

        _store.Answer();

        Assert.Null(await early);
        await _store.UntilReadAsync(2);
        Assert.False(late.IsCompleted);
        _store.Answer();
        Assert.Null(await late);
    }

    private sealed class SlowStore : IKeyStore
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource<IReadOnlyList<ApiKey>> _answer = New();
        private TaskCompletionSource _read = new();

        public int Readings { get; private set; }

        public void Answer() => Next().SetResult([]);

        public void Fail() => Next().SetException(new StoreUnavailableException("It is gone.", null));

        public async Task UntilReadAsync(int readings)
        {
            while (true)
            {
                Task read;
                lock (_gate)
                {
                    if (Readings >= readings)
                        return;
                    read = _read.Task;
                }

                await read;
            }
        }

        public Task<IReadOnlyList<ApiKey>> ListAsync(bool revokedToo, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                Readings++;
                _read.SetResult();
                _read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _answer.Task.WaitAsync(cancellationToken);
            }
        }

        public Task<bool> TryPutAsync(ApiKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ApiKey?> GetAsync(string keyId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ApiKey?> RevokeAsync(string keyId, DateTimeOffset at, string by, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task TouchAsync(string keyId, DateTimeOffset at, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> DeleteSessionsAsync(DateTimeOffset endedBy, CancellationToken cancellationToken) => throw new NotSupportedException();

        private static TaskCompletionSource<IReadOnlyList<ApiKey>> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

        private TaskCompletionSource<IReadOnlyList<ApiKey>> Next()
        {
            lock (_gate)
            {
                var answered = _answer;
                _answer = New();
                return answered;
            }
        }
    }
}
