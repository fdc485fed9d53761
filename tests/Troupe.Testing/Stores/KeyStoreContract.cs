using System.Globalization;
using Troupe.Core.Access;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="IKeyStore"/> and <see cref="ISecretStore"/>: a key is made once and revoked for good; a secret is the first one offered.</summary>
public abstract class KeyStoreContract : StoreContract
{
    private IKeyStore Keys => Stores.Keys!;

    private ISecretStore Secrets => Stores.Secrets!;

    [Fact]
    public async Task TryPutAsync_New_IsStoredWhole()
    {
        Assert.True(await Keys.TryPutAsync(Full("a"), default));

        AssertSame(Full("a"), await Keys.GetAsync("a", default));
        AssertSame(Full("a"), Assert.Single(await Keys.ListAsync(true, default)));
    }

    [Fact]
    public async Task TryPutAsync_IdTaken_ChangesNothing()
    {
        await Keys.TryPutAsync(SampleRecords.Key("a"), default);

        Assert.False(await Keys.TryPutAsync(Full("a"), default));
        AssertSame(SampleRecords.Key("a"), await Keys.GetAsync("a", default));
        Assert.Single(await Keys.ListAsync(true, default));
    }

    [Fact]
    public async Task TryPutAsync_ManyAtOnce_OneIsStored()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(
            () => Keys.TryPutAsync(SampleRecords.Key("a") with { Name = n.ToString(CultureInfo.InvariantCulture) }, default))));

        Assert.Single(made, static one => one);
    }

    [Fact]
    public async Task Unknown_Any_IsNull()
    {
        Assert.Null(await Keys.GetAsync("none", default));
        Assert.Null(await Keys.RevokeAsync("none", SampleRecords.Start, "ada", default));
        await Keys.TouchAsync("none", SampleRecords.Start, default);
        Assert.Empty(await Keys.ListAsync(true, default));
    }

    [Fact]
    public async Task Id_OtherCase_IsAnother()
    {
        await Keys.TryPutAsync(SampleRecords.Key("abc"), default);

        Assert.Null(await Keys.GetAsync("ABC", default));
        Assert.Null(await Keys.GetAsync("abc' OR '1'='1", default));
    }

    [Fact]
    public async Task ListAsync_Many_IsOldestFirstWithoutTheRevoked()
    {
        await Keys.TryPutAsync(SampleRecords.Key("late", SampleRecords.Start.AddHours(1)), default);
        await Keys.TryPutAsync(SampleRecords.Key("early"), default);
        await Keys.TryPutAsync(SampleRecords.Key("second"), default);
        await Keys.RevokeAsync("early", SampleRecords.Start, "ada", default);

        Assert.Equal(["second", "late"], (await Keys.ListAsync(false, default)).Select(static key => key.Id));
        Assert.Equal(["early", "second", "late"], (await Keys.ListAsync(true, default)).Select(static key => key.Id));
    }

    [Fact]
    public async Task RevokeAsync_Twice_KeepsTheFirst()
    {
        await Keys.TryPutAsync(SampleRecords.Key("a"), default);

        var first = await Keys.RevokeAsync("a", SampleRecords.Start, "ada", default);
        var second = await Keys.RevokeAsync("a", SampleRecords.Start.AddDays(1), "eve", default);

        Assert.Equal((SampleRecords.Start, "ada"), (first!.RevokedAt, first.RevokedBy));
        AssertSame(first, second);
        AssertSame(first, await Keys.GetAsync("a", default));
    }

    [Fact]
    public async Task TouchAsync_EarlierUse_ChangesNothing()
    {
        await Keys.TryPutAsync(SampleRecords.Key("a"), default);

        await Keys.TouchAsync("a", SampleRecords.Start.AddMinutes(5), default);
        await Keys.TouchAsync("a", SampleRecords.Start, default);

        Assert.Equal(SampleRecords.Start.AddMinutes(5), (await Keys.GetAsync("a", default))!.LastUsedAt);
    }

    [Fact]
    public async Task TouchAsync_RevokedKey_StaysRevoked()
    {
        await Keys.TryPutAsync(SampleRecords.Key("a"), default);
        await Keys.RevokeAsync("a", SampleRecords.Start, "ada", default);

        await Keys.TouchAsync("a", SampleRecords.Start.AddMinutes(5), default);

        Assert.NotNull((await Keys.GetAsync("a", default))!.RevokedAt);
        Assert.Empty(await Keys.ListAsync(false, default));
    }

    [Fact]
    public async Task DeleteSessionsAsync_TakesThoseThatAreOverAndNothingElse()
    {
        var (now, key) = (SampleRecords.Start, SampleRecords.Key("key") with { ExpiresAt = SampleRecords.Start });
        ApiKey Session(string id) => SampleRecords.Key(id) with { SessionOf = "key" };
        await Keys.TryPutAsync(key, default);
        await Keys.TryPutAsync(SampleRecords.Key("revoked key") with { RevokedAt = now }, default);
        await Keys.TryPutAsync(Session("lasting"), default);
        await Keys.TryPutAsync(Session("open") with { ExpiresAt = now.AddTicks(1) }, default);
        await Keys.TryPutAsync(Session("over") with { ExpiresAt = now }, default);
        await Keys.TryPutAsync(Session("closed") with { RevokedAt = now }, default);

        Assert.Equal(2, await Keys.DeleteSessionsAsync(now, default));

        Assert.Equal(
            ["key", "lasting", "open", "revoked key"],
            (await Keys.ListAsync(true, default)).Select(static left => left.Id).Order(StringComparer.Ordinal));
        Assert.Equal(0, await Keys.DeleteSessionsAsync(now, default));
        Assert.True(await Keys.TryPutAsync(Session("over"), default));
    }

    [Fact]
    public async Task GetOrAddAsync_ManyOffered_TheFirstStays()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(
            () => Secrets.GetOrAddAsync("s", [0, (byte)n], default))));

        Assert.Single(answers.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal));
        Assert.Equal(answers[0], await Secrets.GetOrAddAsync("s", [99], default));
        Assert.Equal([7], await Secrets.GetOrAddAsync("other", [7], default));
    }

    private static ApiKey Full(string id) => SampleRecords.Key(id) with
    {
        Name = SampleRecords.Unicode,
        Roles = Roles.Reader | Roles.Approver,
        Groups = ["leads", "ops"],
        ExpiresAt = SampleRecords.Start.AddDays(90),
        LastUsedAt = SampleRecords.Start.AddTicks(7),
        SessionOf = "parent",
    };
}
