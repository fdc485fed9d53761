using System.Text;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Tables;
using Troupe.Testing;

namespace Troupe.Functions.Tests.Storage;

/// <summary>Whoever knows how cursors are made can make one of anything.</summary>
public sealed class KeyCursorTests
{
    [Theory]
    [InlineData("2516070958679620497:b1795204931")]
    [InlineData("task:0000000000:0001:~2f")]
    public void Read_Key_IsWhatWasWritten(string key) => Assert.Equal(key, KeyCursor.Read('r', KeyCursor.Write('r', key)));

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a'b")]
    [InlineData("a/b")]
    [InlineData("\ufffe")]
    public void Read_NoKey_IsRefused(string text) => Assert.Throws<InvalidCursorException>(() => KeyCursor.Read('r', KeyCursor.Write('r', text)));

    [Fact]
    public void Read_TooLongOrNoText_IsRefused()
    {
        Assert.Throws<InvalidCursorException>(() => KeyCursor.Read('r', KeyCursor.Write('r', new string('a', 513))));
        Assert.Throws<InvalidCursorException>(() => KeyCursor.Read('r', CursorText.Write('r', [0xff, 0xfe])));
    }

    [Theory]
    [InlineData("zzzz")]
    [InlineData("-1")]
    [InlineData("00000000000000000000000000000000a")]
    public async Task Notifications_CursorThatHoldsNoId_IsRefused(string id)
    {
        await using var stores = new AzureStores(AzureStores.NewPrefix(), new ManualTimeProvider());
        var query = new NotificationQuery { User = "ada", Cursor = CursorText.Write('n', Encoding.UTF8.GetBytes(id)) };

        await Assert.ThrowsAsync<InvalidCursorException>(() => stores.Get<INotificationStore>().ListAsync(query, default));
    }
}
