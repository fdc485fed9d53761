using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="ISettingStore"/>: of two changes at the same time one wins and the other knows.</summary>
public abstract class SettingStoreContract : StoreContract
{
    private ISettingStore Settings => Stores.Settings;

    [Fact]
    public async Task TryAddAsync_Taken_ChangesNothing()
    {
        Assert.True(await Settings.TryAddAsync("k", "a", "1", default));
        Assert.False(await Settings.TryAddAsync("k", "a", "2", default));
        Assert.True(await Settings.TryAddAsync("other", "a", "3", default));

        Assert.Equal("1", (await Settings.GetAsync("k", "a", default))!.Json);
        Assert.Null(await Settings.GetAsync("k", "b", default));
    }

    [Fact]
    public async Task ListAsync_Kind_IsWholeAndInOrder()
    {
        foreach (var id in (string[])["b", "a/ü#?", "B", "c"]) await Settings.TryAddAsync("k", id, $"{{\"id\":\"{id}\"}}", default);
        await Settings.TryAddAsync("kk", "x", "{}", default);

        Assert.Equal(["B", "a/ü#?", "b", "c"], (await Settings.ListAsync("k", default)).Select(static setting => setting.Id));
        Assert.Empty(await Settings.ListAsync("none", default));
    }

    [Fact]
    public async Task TryReplaceAsync_ChangedMeanwhile_IsRefused()
    {
        await Settings.TryAddAsync("k", "a", "1", default);
        var read = (await Settings.GetAsync("k", "a", default))!;

        Assert.True(await Settings.TryReplaceAsync(read, "2", default));
        Assert.False(await Settings.TryReplaceAsync(read, "3", default));

        Assert.Equal("2", (await Settings.GetAsync("k", "a", default))!.Json);
    }

    [Fact]
    public async Task TryReplaceAsync_ManyAtOnce_OneWinsEachTime()
    {
        await Settings.TryAddAsync("k", "a", "0", default);
        var read = (await Settings.GetAsync("k", "a", default))!;

        var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() => Settings.TryReplaceAsync(read, n.ToString(System.Globalization.CultureInfo.InvariantCulture), default))));

        Assert.Single(won, static one => one);
    }

    [Fact]
    public async Task DeleteAsync_Gone_CannotBeReplaced()
    {
        await Settings.TryAddAsync("k", "a", "1", default);
        var read = (await Settings.GetAsync("k", "a", default))!;

        Assert.True(await Settings.DeleteAsync("k", "a", default));
        Assert.False(await Settings.DeleteAsync("k", "a", default));
        Assert.False(await Settings.TryReplaceAsync(read, "2", default));
        Assert.Null(await Settings.GetAsync("k", "a", default));
    }
}
