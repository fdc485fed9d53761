using Troupe.Functions.Storage.Tables;
using Troupe.Testing.Stores;

namespace Troupe.Functions.Tests.Storage;

public sealed class EntityKeyTests
{
    [Theory]
    [InlineData("0198f0a1b2c3", "0198f0a1b2c3")]
    [InlineData("a.b-c_D", "a.b-c_D")]
    [InlineData("a/b\\c#d?e", "a~2fb~5cc~23d~3fe")]
    [InlineData("~", "~7e")]
    [InlineData("ü", "~c3~bc")]
    [InlineData("\t\u0085", "~09~c2~85")]
    [InlineData("", "")]
    public void Of_AnyText_HoldsWhatAKeyMay(string text, string expected) => Assert.Equal(expected, EntityKey.Of(text));

    [Fact]
    public void Of_LongText_IsShortAndItsOwn()
    {
        var (one, other) = (EntityKey.Of(new string('x', 4_000)), EntityKey.Of(new string('x', 4_001)));

        Assert.InRange(one.Length, 1, 200);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Hash_PartsCutElsewhere_Differ() => Assert.NotEqual(EntityKey.Hash("ab", "c"), EntityKey.Hash("a", "bc"));

    [Fact]
    public void NewestFirst_TwoTimes_TheLaterSortsFirst()
    {
        var times = new[] { DateTimeOffset.MinValue, SampleRecords.Start, SampleRecords.Start.AddTicks(1), DateTimeOffset.MaxValue };

        Assert.Equal(times.Reverse(), times.OrderBy(EntityKey.NewestFirst, StringComparer.Ordinal));
        Assert.Equal(times, times.OrderBy(EntityKey.OldestFirst, StringComparer.Ordinal));
    }
}
