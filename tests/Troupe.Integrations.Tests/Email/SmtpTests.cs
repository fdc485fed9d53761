using System.Security.Cryptography.X509Certificates;
using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Notifications.Channels;
using Troupe.Integrations.Email;
using Troupe.Integrations.Tests.Support;

namespace Troupe.Integrations.Tests.Email;

/// <summary>Encryption and signing in, against a server with a certificate of its own.</summary>
public sealed class SmtpTests : IDisposable
{
    private readonly X509Certificate2 _certificate = SelfMade.Certificate("127.0.0.1");
    private readonly string _folder = Directory.CreateTempSubdirectory("troupe-smtp-").FullName;

    public void Dispose()
    {
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(SmtpTls.StartTls, "PLAIN LOGIN")]
    [InlineData(SmtpTls.StartTls, "LOGIN")]
    [InlineData(SmtpTls.Implicit, "PLAIN LOGIN")]
    [InlineData(SmtpTls.Implicit, "XOAUTH2 LOGIN")]
    public async Task Mail_ToATrustedServer_GoesEncryptedAndSignedIn(SmtpTls tls, string methods)
    {
        await using var sink = Sink(tls, methods);

        var answer = await SendAsync(Options(sink, tls));

        Assert.Null(answer.Failure);
        Assert.Contains("Subject: [Troupe] ", Assert.Single(sink.Mails), StringComparison.Ordinal);
        Assert.All(sink.Said, one => Assert.True(one.StartsWith("tls ", StringComparison.Ordinal) || one.StartsWith("plain EHLO", StringComparison.Ordinal) || one == "plain STARTTLS", one));
        Assert.Contains(sink.Said, static one => one.StartsWith("tls AUTH ", StringComparison.Ordinal));
        Assert.Contains("tls RCPT TO:<ada@example.org>", sink.Said);
    }

    [Theory]
    [InlineData(SmtpTls.StartTls)]
    [InlineData(SmtpTls.Implicit)]
    public async Task Certificate_NotTrusted_SaysSoAndSendsNothing(SmtpTls tls)
    {
        await using var sink = Sink(tls);
        var options = Options(sink, tls);
        options.CaFile = null;

        var answer = await SendAsync(options);

        Assert.Contains("The certificate of 127.0.0.1 is not trusted. Name its authority in Troupe:Smtp:CaFile", answer.Failure!.Message, StringComparison.Ordinal);
        AssertNothingWasSaid(sink);
    }

    [Fact]
    public async Task Certificate_OfAnotherName_SaysSoAndSendsNothing()
    {
        using var other = SelfMade.Certificate("mail.example.org");
        await using var sink = new SmtpSink { Certificate = other };
        var options = Options(sink, SmtpTls.StartTls);
        File.WriteAllText(options.CaFile!, other.ExportCertificatePem());

        Assert.Contains("is for another name", (await SendAsync(options)).Failure!.Message, StringComparison.Ordinal);
        AssertNothingWasSaid(sink);
    }

    [Fact]
    public async Task Certificate_OfAnotherAuthority_IsNotTrusted()
    {
        using var other = SelfMade.Certificate("127.0.0.1");
        await using var sink = Sink(SmtpTls.StartTls);
        var options = Options(sink, SmtpTls.StartTls);
        File.WriteAllText(options.CaFile!, other.ExportCertificatePem());

        Assert.Contains("is not trusted", (await SendAsync(options)).Failure!.Message, StringComparison.Ordinal);
        AssertNothingWasSaid(sink);
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task Password_Wrong_NamesTheKeysAndNotThePassword(string methods)
    {
        await using var sink = Sink(SmtpTls.StartTls, methods);
        var options = Options(sink, SmtpTls.StartTls);
        options.Password = "hidden";

        var failure = (await SendAsync(options)).Failure!;

        Assert.Equal(("127.0.0.1 refused the user name or the password (535): check Troupe:Smtp:User and :Password.", false), (failure.Message, failure.Retryable));
        Assert.Empty(sink.Mails);
    }

    [Fact]
    public async Task Password_NotTaken_SaysSo()
    {
        await using var sink = Sink(SmtpTls.StartTls, "XOAUTH2");
        Assert.Contains("takes no password (AUTH PLAIN or LOGIN)", (await SendAsync(Options(sink, SmtpTls.StartTls))).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartTls_NotOffered_SendsNothing()
    {
        await using var sink = new SmtpSink();
        Assert.Contains("offers no STARTTLS, so that nothing was sent", (await SendAsync(Options(sink, SmtpTls.StartTls))).Failure!.Message, StringComparison.Ordinal);
        AssertNothingWasSaid(sink);
    }

    [Fact]
    public async Task StartTls_WordsInBetween_AreNotTrusted()
    {
        await using var sink = new SmtpSink { Certificate = _certificate, Smuggled = "250 smuggled" };
        Assert.Contains("spoke between STARTTLS and the encryption", (await SendAsync(Options(sink, SmtpTls.StartTls))).Failure!.Message, StringComparison.Ordinal);
        AssertNothingWasSaid(sink);
    }

    [Fact]
    public async Task Implicit_ToAPlainServer_SaysThatItSpeaksNoTls()
    {
        await using var sink = new SmtpSink();
        Assert.Contains("does not speak TLS here", (await SendAsync(Options(sink, SmtpTls.Implicit))).Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Go on?", "Go on?")]
    [InlineData("Größe\r\nBcc: eve@example.org", null)]
    [InlineData("=?utf-8?B?eA==?=", null)]
    [InlineData("🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂", null)]
    public void Subject_AnyText_IsOneHeaderOfShortWords(string subject, string? expected)
    {
        var encoded = MimeMail.Encode(subject);
        var lines = encoded.Split("\r\n ");

        Assert.All(lines, static line => Assert.True(line.Length <= 75 && line.All(char.IsAscii) && !line.Contains('\n', StringComparison.Ordinal), line));
        if (expected is not null)
            Assert.Equal(expected, encoded);
        else
            Assert.Equal(subject, string.Concat(lines.Select(static word => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(word["=?utf-8?B?".Length..^2])))));
    }

    [Theory]
    [InlineData("Acme, Inc.")]
    [InlineData("Troupe: all; (here) [now]")]
    [InlineData("\"Ada\" <eve@example.org>")]
    public void From_NameWithMarksOfAddresses_IsEncoded(string name)
    {
        var ada = new System.Net.Mail.MailAddress("ada@example.org");
        var from = new System.Net.Mail.MailAddress("x@example.org", name);
        var mail = MimeMail.Write("1", from, ada, DateTimeOffset.UnixEpoch, new EmailText("s", "t", "h"));
        Assert.StartsWith($"From: =?utf-8?B?{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(from.DisplayName))}?= <x@example.org>\r\n", mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Farewell_ServerHungUpAfterTakingTheMail_IsNoFailure()
    {
        await using var server = new SpokenStream("220 hi\r\n250 hello\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n", brokenAt: "QUIT");
        await Plain().SendAsync(server, "troupe@example.org", "ada@example.org", "the mail", default);
        Assert.Contains("the mail\r\n.\r\n", server.Written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_ServerHangsUpBeforeTakingIt_Fails()
    {
        await using var server = new SpokenStream("220 hi\r\n250 hello\r\n250 ok\r\n250 ok\r\n354 go\r\n");
        await Assert.ThrowsAsync<IOException>(() => Plain().SendAsync(server, "troupe@example.org", "ada@example.org", "the mail", default));
    }

    [Theory]
    [InlineData("ada@example.org>\r\nRCPT TO:<bob@example.org")]
    [InlineData("ada\0@example.org")]
    [InlineData("adä@example.org")]
    public async Task Command_WithMoreThanALine_IsNotSaid(string to)
    {
        await using var server = new SpokenStream("220 hi\r\n250 hello\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n");

        var refused = await Assert.ThrowsAsync<SmtpRefusedException>(() => Plain().SendAsync(server, "troupe@example.org", to, "the mail", default));

        Assert.False(refused.IsPassing);
        Assert.DoesNotContain("RCPT", server.Written, StringComparison.Ordinal);
    }

    private static SmtpSession Plain() => new(new SmtpOptions { Host = "127.0.0.1", Tls = SmtpTls.None });

    [Fact]
    public void Validate_CaFile_MustHoldACertificate()
    {
        var empty = Path.Combine(_folder, "empty.pem");
        File.WriteAllText(empty, "nothing");
        SmtpOptions With(string file) => new() { Host = "mail.example.org", From = "t@example.org", CaFile = file };
        Assert.Contains("Troupe:Smtp:CaFile", new SmtpOptionsValidator().Validate(null, With(empty)).FailureMessage, StringComparison.Ordinal);
        Assert.Contains("it cannot be read", new SmtpOptionsValidator().Validate(null, With(Path.Combine(_folder, "none.pem"))).FailureMessage, StringComparison.Ordinal);
        Assert.True(new SmtpOptionsValidator().Validate(null, With(PemFile())).Succeeded);
    }

    private static void AssertNothingWasSaid(SmtpSink sink)
    {
        Assert.Empty(sink.Mails);
        Assert.DoesNotContain(sink.Said, static one => one.Contains("AUTH", StringComparison.Ordinal) || one.Contains("MAIL", StringComparison.Ordinal));
    }

    private SmtpSink Sink(SmtpTls tls, string methods = "PLAIN LOGIN") => new() { Certificate = _certificate, IsImplicit = tls == SmtpTls.Implicit, Methods = methods };

    private string PemFile()
    {
        var file = Path.Combine(_folder, "ca.pem");
        File.WriteAllText(file, _certificate.ExportCertificatePem());
        return file;
    }

    private SmtpOptions Options(SmtpSink sink, SmtpTls tls) => new()
    {
        Host = "127.0.0.1",
        Port = sink.Port,
        Tls = tls,
        CaFile = PemFile(),
        From = "Troupe <troupe@example.org>",
        User = "troupe",
        Password = "right",
        Addresses = { ["ada"] = "ada@example.org" },
    };

    private static async Task<WebhookAnswer> SendAsync(SmtpOptions options)
    {
        var channel = new EmailChannel(Microsoft.Extensions.Options.Options.Create(options), Microsoft.Extensions.Options.Options.Create(new WebhookOptions()), TimeProvider.System);
        var told = new NotificationRecord { Id = "1", User = "ada", Type = NotificationType.Alert, RunId = "r", Sequence = 1, Title = "It has failed", CreatedAt = DateTimeOffset.UnixEpoch };
        return await channel.SendAsync(new ChannelMessage("delivery-1", new Uri("mailto:ada@example.org"), "ada", [told], null, null), default);
    }
}
