using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
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

    private readonly SmtpOptions _options = options.Value;

    public string Name => ChannelNames.Email;

    public Uri? AddressOf(string user)
    {
        if (string.IsNullOrEmpty(_options.Host))
            return null;
        var text = _options.Addresses.GetValueOrDefault(user) ?? user;
        return text.Contains('@', StringComparison.Ordinal) && MailAddress.TryCreate(text, out var address) && Uri.TryCreate($"mailto:{address.Address}", UriKind.Absolute, out var url)
            ? url
            : null;
    }

    public async Task<WebhookAnswer> SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var client = Connect();
            using var mail = Compose(message);
            await client.SendMailAsync(mail, either.Token);
            return new WebhookAnswer(null, null, null);
        }
        catch (SmtpException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Failed($"{_options.Host} did not take the mail: {e.StatusCode}.", IsPassing(e.StatusCode));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Failed($"{_options.Host} did not take the mail within {Patience.TotalSeconds:0} s.", isPassing: true);
        }
    }

    private SmtpClient Connect() => new(_options.Host, _options.Port)
    {
        EnableSsl = _options.UseTls,
        UseDefaultCredentials = false,
        Credentials = string.IsNullOrEmpty(_options.User) ? null : new NetworkCredential(_options.User, _options.Password),
    };

    private MailMessage Compose(ChannelMessage message)
    {
        var text = EmailText.Of(message, web.Value.PublicUrl);
        var mail = new MailMessage(_options.From!, message.Address.AbsoluteUri["mailto:".Length..])
        {
            Subject = text.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = text.Text,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.Base64,
        };
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(text.Html, Encoding.UTF8, MediaTypeNames.Text.Html));

        // The same for every attempt, so that mail programs show one.
        mail.Headers.Add("Message-ID", $"<{message.Id}@troupe>");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }

    private static bool IsPassing(SmtpStatusCode status) => status is not (
        SmtpStatusCode.MailboxUnavailable or SmtpStatusCode.MailboxNameNotAllowed or SmtpStatusCode.SyntaxError or SmtpStatusCode.MustIssueStartTlsFirst);

    private static WebhookAnswer Failed(string message, bool isPassing) => new(null, null, new Failure(FailureKinds.DeliveryFailed, message, isPassing));
}
