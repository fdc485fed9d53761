using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="ICursorStore"/>: each reader's place is its own and never goes back.</summary>
public abstract class CursorStoreContract : StoreContract
{
    private ICursorStore Cursors => Stores.Cursors;

    [Fact]
    public async Task GetAsync_UnknownReader_IsAtTheBeginning() => Assert.Equal(0, await Cursors.GetAsync("nobody", default));

    [Fact]
    public async Task AdvanceAsync_TwoReaders_EachHasItsPlace()
    {
        await Cursors.AdvanceAsync("a", 7, default);
        await Cursors.AdvanceAsync("b", 1, default);
        await Cursors.AdvanceAsync("a", 9, default);

        Assert.Equal(9, await Cursors.GetAsync("a", default));
        Assert.Equal(1, await Cursors.GetAsync("b", default));
    }

    [Fact]
    public async Task AdvanceAsync_Back_ChangesNothing()
    {
        await Cursors.AdvanceAsync("a", 7, default);
        await Cursors.AdvanceAsync("a", 3, default);

        Assert.Equal(7, await Cursors.GetAsync("a", default));
    }
}
