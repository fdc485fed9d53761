using Troupe.Core.Records;
using Troupe.Core.Stores;

namespace Troupe.Core.Tests.Stores;

public sealed class CursorTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("2999|run")]
    public void Read_WhatWasWritten_IsTheSame(string place)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(place);

        Assert.Equal(bytes, CursorText.Read('x', CursorText.Write('x', bytes)));
    }

    [Fact]
    public void Read_OfAnotherList_IsRefused() =>
        Assert.Throws<InvalidCursorException>(() => CursorText.Read('y', CursorText.Write('x', [1, 2, 3])));

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAA")]
    [InlineData("not a cursor")]
    public void Read_ForeignText_IsRefused(string text) => Assert.Throws<InvalidCursorException>(() => CursorText.Read('x', text));
}
