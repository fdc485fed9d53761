using Troupe.Core.Access;
using Troupe.Core.Hosting;
using Troupe.Core.Launching;
using Troupe.Testing;
using Troupe.Testing.Stores.InMemory;

namespace Troupe.Core.Tests.Access;

/// <summary>Two processes on one store, each with the keys in memory: a change that is answered counts in both.</summary>
public sealed class KeyRingPeerTests
{
    private static readonly Caller Root = new("root");

    private readonly ManualTimeProvider _time = new();
    private readonly KeyRing _here;
    private readonly KeyRing _there;

    public KeyRingPeerTests()
    {
        var store = new InMemoryStores(_time).Keys;
        _here = new KeyRing(store, _time, new PeerProcesses(_time));
        _there = new KeyRing(store, _time, new PeerProcesses(_time));
    }

    [Fact]
    public async Task Create_Returned_OpensTheOtherProcess()
    {
        Assert.False(await _there.HoldsKeysAsync(default));

        var (_, text) = await CreateAsync();

        Assert.NotNull(await _there.FindAsync(text, default));
    }

    [Fact]
    public async Task Revoke_Returned_OpensNothingAnywhere()
    {
        var (id, text) = await CreateAsync();
        Assert.NotNull(await _there.FindAsync(text, default));

        var revoking = _here.RevokeAsync(id, Root, default);
        Assert.Null(await _here.FindAsync(text, default));
        Assert.NotNull(await _there.FindAsync(text, default));
        Assert.False(revoking.IsCompleted);
        _time.Advance(KeyRing.MaxAge);
        Assert.Null(await _there.FindAsync(text, default));

        await AnsweredAsync(revoking);
        Assert.Null(await _there.FindAsync(text, default));
    }

    [Fact]
    public async Task OpenSession_Returned_OpensTheOtherProcess()
    {
        var (_, text) = await CreateAsync();
        var key = await _there.FindAsync(text, default);

        var (_, session) = await AnsweredAsync(_here.OpenSessionAsync(key!, TimeSpan.FromHours(1), default));

        Assert.NotNull(await _there.FindSessionAsync(session, default));
    }

    private async Task<(string Id, string Text)> CreateAsync()
    {
        var (key, text) = await AnsweredAsync(_here.CreateAsync(new NewKey { Name = "ci", Roles = Roles.Reader, Owner = "bob" }, Root, default));
        return (key.Id, text);
    }

    /// <summary>A change is not answered before what others read earlier is too old to count.</summary>
    private async Task<T> AnsweredAsync<T>(Task<T> change)
    {
        Assert.False(change.IsCompleted);
        _time.Advance(2 * KeyRing.MaxAge);
        return await change;
    }
}
