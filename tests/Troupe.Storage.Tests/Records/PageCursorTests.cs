using Troupe.Core.Records;
using Troupe.Storage.Records;

namespace Troupe.Storage.Tests.Records;

public sealed class PageCursorTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(long.MinValue, long.MaxValue)]
    [InlineData(638_000_000_000_000_000, 42)]
    public void Parse_WhatWasWritten_IsTheSame(long order, long row)
    {
        var cursor = new PageCursor('x', order, row);

        Assert.Equal(cursor, PageCursor.Parse('x', cursor.ToString()));
        Assert.Null(PageCursor.Parse('x', null));
    }

    [Fact]
    public void Parse_AnyCharacterChanged_IsRefused()
    {
        var text = new PageCursor('x', 638_000_000_000_000_000, 42).ToString();

        for (var place = 0; place < text.Length; place++)
        {
            var changed = string.Concat(text.AsSpan(0, place), text[place] == 'A' ? "B" : "A", text.AsSpan(place + 1));
            Assert.Throws<InvalidCursorException>(() => PageCursor.Parse('x', changed));
        }
    }

    [Fact]
    public void Parse_PaddedOrWithBlanks_IsRefused()
    {
        var text = new PageCursor('x', 1, 2).ToString();

        foreach (var changed in new[] { text + "=", text + "\n", " " + text, text + text, text[..^4] })
            Assert.Throws<InvalidCursorException>(() => PageCursor.Parse('x', changed));
    }
}
