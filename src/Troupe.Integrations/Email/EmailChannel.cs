using System.Net.Mail;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Notifications.Channels;
using Troupe.Core.Records;

namespace Troupe.Integrations.Email;

/// <summary>Notifications by e-mail, over the administrator's SMTP server, to addresses that the configuration names.</summary>
internal sealed class EmailChannel(IOptions<SmtpOptions> options, IOptions<WebhookOptions> web, TimeProvider time) : INotificationChannel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int MaxAddress = 254;

    private readonly SmtpOptions _options = options.Value;

    public string Name => ChannelNames.Email;

    public Uri? AddressOf(string user)
    {
        if (string.IsNullOrEmpty(_options.Host))
            return null;
        var text = _options.Addresses.GetValueOrDefault(user) ?? user;
        return text.Contains('@', StringComparison.Ordinal) && MailAddress.TryCreate(text, out var address) && IsPlain(address)
            && Uri.TryCreate($"mailto:{Uri.EscapeDataString(address.User)}@{Uri.EscapeDataString(address.Host)}", UriKind.Absolute, out var url)
            ? url
            : null;
    }

    public async Task<WebhookAnswer> SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        // Checked again, as what the URI says in escapes is only seen here.
        var recipient = Uri.UnescapeDataString(message.Address.AbsoluteUri["mailto:".Length..]);
        if (!MailAddress.TryCreate(recipient, out var to) || to.Address != recipient || !IsPlain(to))
            return Failed($"The address of '{message.User}' cannot stand in a mail.", isPassing: false);
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var from = new MailAddress(_options.From!);
        try
        {
            var mail = MimeMail.Write(message.Id, from, to, time.GetUtcNow(), EmailText.Of(message, web.Value.PublicUrl));
            await new SmtpSession(_options).SendAsync(from.Address, to.Address, mail, either.Token);
            return new WebhookAnswer(null, null, null);
        }
        catch (SmtpRefusedException e)
        {
            return Failed(e.Message, e.IsPassing);
        }
        catch (Exception e) when (e is SocketException or IOException && !cancellationToken.IsCancellationRequested)
        {
            return Failed($"{_options.Host}:{_options.Port} did not take the mail: {e.Message}", isPassing: true);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Failed($"{_options.Host}:{_options.Port} did not take the mail within {Patience.TotalSeconds:0} s.{(_options.Tls == SmtpTls.Implicit ? "" : $" Where it speaks TLS from the start, set {SmtpOptions.Section}:Tls to Implicit.")}", isPassing: true);
        }
    }

    /// <summary>Whether an address can stand in a line of the protocol and in a header as it is (RFC 5321, without quoted names).</summary>
    internal static bool IsPlain(MailAddress address) =>
        address.Address.Length <= MaxAddress && address.Address.All(static one => char.IsAsciiLetterOrDigit(one) || "!#$%&'*+-/=?^_`{|}~.@[]:".Contains(one, StringComparison.Ordinal));

    private static WebhookAnswer Failed(string message, bool isPassing) => new(null, null, new Failure(FailureKinds.DeliveryFailed, message, isPassing));
}
