using Troupe.Core.Runs;

namespace Troupe.Core.Tests.Runs;

public sealed class MailboxTests
{
    [Fact]
    public async Task TakeAsync_PostedBefore_KeepsTheOrder()
    {
        var mailbox = new Mailbox<int>();
        mailbox.Post(1);
        mailbox.Post(2);
        Assert.Equal(1, await mailbox.TakeAsync());
        Assert.Equal(2, await mailbox.TakeAsync());
    }

    [Fact]
    public async Task TakeAsync_PostedAfter_IsWoken()
    {
        var mailbox = new Mailbox<string>();
        var taken = mailbox.TakeAsync();
        Assert.False(taken.IsCompleted);
        mailbox.Post("x");
        Assert.True(taken.IsCompleted);
        Assert.Equal("x", await taken);
    }
}
