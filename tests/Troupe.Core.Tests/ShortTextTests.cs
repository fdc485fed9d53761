namespace Troupe.Core.Tests;

public sealed class ShortTextTests
{
    [Theory]
    [InlineData("", 3, "")]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("abcd", 1, "…")]
    [InlineData("a🌍b", 4, "a🌍b")]
    [InlineData("a🌍bc", 4, "a🌍…")]
    [InlineData("a🌍bc", 3, "a…")]
    [InlineData("🌍🌍", 2, "…")]
    public void Shorten_Text_IsNoLongerAndCutsNothingInHalf(string text, int length, string expected) => Assert.Equal(expected, text.Shorten(length));

    [Fact]
    public void Shorten_ToNothing_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(static () => "a".Shorten(0));
}
