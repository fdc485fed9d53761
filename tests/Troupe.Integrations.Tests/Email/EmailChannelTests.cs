using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Notifications.Channels;
using Troupe.Integrations.Email;
using Troupe.Integrations.Tests.Support;

namespace Troupe.Integrations.Tests.Email;

/// <summary>Mails as a server on the loopback address gets them.</summary>
public sealed class EmailChannelTests
{
    [Fact]
    public async Task Mail_HoldsTextAndEscapedHtml()
    {
        await using var sink = new SmtpSink();
        var channel = Channel(sink.Port);

        var answer = await channel.SendAsync(Message("Deploy <b>x</b>?\r\nBcc: eve@example.org", "a & b"), default);

        Assert.Null(answer.Failure);
        var mail = Assert.Single(sink.Mails);
        Assert.Contains("Message-ID: <delivery-1@troupe>", mail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("To: ada@example.org", mail, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\nBcc:", mail, StringComparison.OrdinalIgnoreCase);
        var parts = Parts(mail);
        Assert.Contains(parts, static part => part.StartsWith("Deploy <b>x</b>?  Bcc: eve@example.org\r\na & b\r\nhttps://troupe.example/api/v1/workflows/r", StringComparison.Ordinal));
        Assert.Contains(parts, static part => part.Contains("Deploy &lt;b&gt;x&lt;/b&gt;?", StringComparison.Ordinal) && part.Contains("a &amp; b", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Approval_CarriesItsLinks()
    {
        await using var sink = new SmtpSink();
        var gate = new Core.Records.GateRecord { Id = "r:g", RunId = "r", Key = "g", Kind = Core.Records.GateKind.Approval, Title = "Go?", Status = Core.Records.GateStatus.Pending, CreatedAt = DateTimeOffset.UnixEpoch };

        await Channel(sink.Port).SendAsync(Message("Go?", null) with { Gate = gate, Links = new DecisionLinks("/api/v1/approvals/link?token=yes&x", "/api/v1/approvals/link?token=no") }, default);

        var parts = Parts(Assert.Single(sink.Mails));
        Assert.Contains(parts, static part => part.Contains("Approve: https://troupe.example/api/v1/approvals/link?token=yes&x\r\nReject: https://troupe.example/api/v1/approvals/link?token=no", StringComparison.Ordinal));
        Assert.Contains(parts, static part => part.Contains("href=\"https://troupe.example/api/v1/approvals/link?token=yes&amp;x\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("550 no such user", false)]
    [InlineData("451 later", true)]
    public async Task Refusal_SaysWhetherTryingAgainHelps(string refusal, bool retryable)
    {
        await using var sink = new SmtpSink(refusal);

        var answer = await Channel(sink.Port).SendAsync(Message("x", null), default);

        Assert.Equal(retryable, answer.Failure!.Retryable);
        Assert.Empty(sink.Mails);
    }

    [Fact]
    public async Task NobodyThere_IsTriedAgain()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        Assert.True((await Channel(port).SendAsync(Message("x", null), default)).Failure!.Retryable);
    }

    [Fact]
    public async Task TlsRequired_ServerWithout_SendsNothing()
    {
        await using var sink = new SmtpSink();
        var answer = await Channel(sink.Port, useTls: true).SendAsync(Message("x", null), default);
        Assert.NotNull(answer.Failure);
        Assert.Empty(sink.Mails);
    }

    [Theory]
    [InlineData("ada", "mailto:ada@example.org")]
    [InlineData("bob@example.com", "mailto:bob@example.com")]
    [InlineData("eve", null)]
    public void AddressOf_User_IsConfiguredOrTheName(string user, string? expected) =>
        Assert.Equal(expected, Channel(1).AddressOf(user)?.AbsoluteUri);

    [Theory]
    [InlineData("eve%0d%0aRCPT%20TO%3a%3cbob@example.org")]
    [InlineData("eve%3e%3cbob@example.org")]
    [InlineData("a%b+c=d/e?f#g&h@example.org")]
    public async Task Mail_ToANameWithEscapes_GoesToThatNameAlone(string user)
    {
        await using var sink = new SmtpSink();
        var channel = Channel(sink.Port);

        var answer = await channel.SendAsync(Message("x", null) with { Address = channel.AddressOf(user)!, User = user }, default);

        Assert.Null(answer.Failure);
        Assert.Equal([$"plain RCPT TO:<{user}>"], sink.Said.Where(static one => one.Contains("RCPT", StringComparison.OrdinalIgnoreCase)));
        Assert.Contains($"\nTo: {user}\n", Assert.Single(sink.Mails), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mailto:ada%0d%0aRCPT%20TO%3A%3Cbob@example.org")]
    [InlineData("mailto:ada%3E%3Cbob@example.org")]
    [InlineData("mailto:ada%2Cbob@example.org")]
    [InlineData("mailto:ada%20@example.org")]
    [InlineData("mailto:%22ada%3E%20NOTIFY=NEVER%22@example.org")]
    [InlineData("mailto:%C3%BCmit@example.org")]
    [InlineData("mailto:%61%64%61%00@example.org")]
    public async Task Mail_ToAnAddressThatUnescapesToMore_IsNotSent(string address)
    {
        await using var sink = new SmtpSink();

        var answer = await Channel(sink.Port).SendAsync(Message("x", null) with { Address = new Uri(address) }, default);

        Assert.Equal(("The address of 'ada' cannot stand in a mail.", false), (answer.Failure!.Message, answer.Failure.Retryable));
        Assert.Empty(sink.Said);
    }

    [Fact]
    public async Task Mail_ToAnAddressLongerThanTheProtocolTakes_IsNotSent()
    {
        await using var sink = new SmtpSink();
        var longest = $"{new string('a', 254 - "@example.org".Length)}@example.org";

        Assert.Null((await Channel(sink.Port).SendAsync(Message("x", null) with { Address = new Uri($"mailto:{longest}") }, default)).Failure);
        Assert.False((await Channel(sink.Port).SendAsync(Message("x", null) with { Address = new Uri($"mailto:a{longest}") }, default)).Failure!.Retryable);

        Assert.Single(sink.Mails);
    }

    [Theory]
    [InlineData("eve,bob@example.org")]
    [InlineData("eve;x@example.org")]
    [InlineData("eve\r\n@example.org")]
    [InlineData("\"eve bob\"@example.org")]
    public void AddressOf_NameThatWouldBeMore_IsNone(string user) => Assert.Null(Channel(1).AddressOf(user));

    [Fact]
    public void Validate_PasswordWithoutTls_IsRefused()
    {
        var options = new SmtpOptions { Host = "mail.example.org", From = "t@example.org", User = "u", Password = "hidden", Tls = SmtpTls.None };
        var result = new SmtpOptionsValidator().Validate(null, options);
        Assert.Contains("Troupe:Smtp:Tls is None", result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", result.FailureMessage, StringComparison.Ordinal);
        Assert.True(new SmtpOptionsValidator().Validate(null, new SmtpOptions()).Succeeded);
    }

    private static IReadOnlyList<string> Parts(string mail) =>
        [.. Regex.Matches(mail, @"base64\n\n((?:[A-Za-z0-9+/=]+\n)+)", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(static part => Encoding.UTF8.GetString(Convert.FromBase64String(part.Groups[1].Value)))];

    private static EmailChannel Channel(int port, bool useTls = false) => new(
        Options.Create(new SmtpOptions { Host = "127.0.0.1", Port = port, Tls = useTls ? SmtpTls.StartTls : SmtpTls.None, From = "troupe@example.org", Addresses = { ["ada"] = "ada@example.org" } }),
        Options.Create(new WebhookOptions { PublicUrl = new Uri("https://troupe.example") }),
        TimeProvider.System);

    private static ChannelMessage Message(string title, string? text) => new(
        "delivery-1",
        new Uri("mailto:ada@example.org"),
        "ada",
        [new NotificationRecord { Id = "1", User = "ada", Type = NotificationType.Alert, RunId = "r", Sequence = 1, Title = title, Text = text, CreatedAt = DateTimeOffset.UnixEpoch }],
        null,
        null);
}
