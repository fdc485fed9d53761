using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Tests.Storage;

public sealed class BoundedTests
{
    private readonly Bounded<string, string> _bounded = new(10, static value => value.Length);

    [Fact]
    public void Put_MoreThanItHolds_ForgetsWhatWasUnusedForLongest()
    {
        _bounded.Put("a", "1234");
        _bounded.Put("b", "1234");
        Assert.True(_bounded.TryGet("a", out _));

        _bounded.Put("c", "123");

        Assert.Equal((true, false, true), (Has("a"), Has("b"), Has("c")));
    }

    [Fact]
    public void Put_AgainUnderAKey_ReplacesItWithItsWeight()
    {
        for (var length = 1; length <= 10; length++) _bounded.Put("a", new string('x', length));
        _bounded.Put("a", "new");
        _bounded.Put("b", "1234567");

        Assert.True(_bounded.TryGet("a", out var value));
        Assert.Equal(("new", true), (value, Has("b")));
    }

    [Fact]
    public void Put_TooHeavyByItself_IsNotKeptNorIsWhatItReplaces()
    {
        _bounded.Put("a", "old");
        _bounded.Put("b", "1");

        _bounded.Put("a", "12345678901");

        Assert.Equal((false, true), (Has("a"), Has("b")));
    }

    [Fact]
    public void Remove_Entry_FreesItsWeight()
    {
        _bounded.Put("a", "1234567890");
        _bounded.Remove("a");
        _bounded.Remove("a");
        _bounded.Put("b", "12345");
        _bounded.Put("c", "12345");

        Assert.Equal((false, true, true), (Has("a"), Has("b"), Has("c")));
    }

    private bool Has(string key) => _bounded.TryGet(key, out _);
}
