using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Troupe.Integrations.Email;

/// <summary>Hands one mail to the configured server (RFC 5321, 3207, 4954, 8314).</summary>
internal sealed class SmtpSession(SmtpOptions options)
{
    private const int MaxShown = 200;

    private static readonly string Name = Environment.MachineName is { Length: > 0 } name && name.All(static one => char.IsAsciiLetterOrDigit(one) || one == '-') ? name : "localhost";

    /// <exception cref="SmtpRefusedException">The server does not take it, or is not trusted.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    public async Task SendAsync(string from, string to, string mail, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(options.Host!, options.Port, cancellationToken);
        await SendAsync(client.GetStream(), from, to, mail, cancellationToken);
    }

    /// <param name="connection">Closed afterwards.</param>
    internal async Task SendAsync(Stream connection, string from, string to, string mail, CancellationToken cancellationToken)
    {
        var wire = new SmtpWire(connection);
        try
        {
            if (options.Tls == SmtpTls.Implicit)
                wire = await SecureAsync(wire, cancellationToken);
            Require(await wire.ReadAsync(cancellationToken), 220, "the connection");
            var hello = await AskAsync(wire, $"EHLO {Name}", 250, "EHLO", cancellationToken);
            if (options.Tls == SmtpTls.StartTls)
                (wire, hello) = await UpgradeAsync(wire, hello, cancellationToken);
            if (!string.IsNullOrEmpty(options.User))
                await SignInAsync(wire, hello, cancellationToken);
            await AskAsync(wire, $"MAIL FROM:<{from}>", 250, "the sender", cancellationToken);
            await AskAsync(wire, $"RCPT TO:<{to}>", 250, "the recipient", cancellationToken);
            await AskAsync(wire, "DATA", 354, "DATA", cancellationToken);
            await wire.WriteAsync($"{mail.TrimEnd().Replace("\r\n.", "\r\n..", StringComparison.Ordinal)}\r\n.\r\n", cancellationToken);
            Require(await wire.ReadAsync(cancellationToken), 250, "the mail");
            await LeaveAsync(wire, cancellationToken);
        }
        finally
        {
            await wire.DisposeAsync();
        }
    }

    /// <summary>The server has the mail by now: whatever happens to the farewell, sending it again would make it two.</summary>
    private static async Task LeaveAsync(SmtpWire wire, CancellationToken cancellationToken)
    {
        try
        {
            await wire.WriteAsync("QUIT\r\n", cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // It hung up first, or takes no more.
        }
    }

    private async Task<(SmtpWire Wire, SmtpAnswer Hello)> UpgradeAsync(SmtpWire wire, SmtpAnswer hello, CancellationToken cancellationToken)
    {
        if (hello.Extension("STARTTLS") is null)
            throw new SmtpRefusedException($"{options.Host}:{options.Port} offers no STARTTLS, so that nothing was sent. Take the port that does, or {SmtpOptions.Section}:Tls=Implicit where it speaks TLS from the start.", isPassing: false);
        await AskAsync(wire, "STARTTLS", 220, "STARTTLS", cancellationToken);
        if (wire.HasUnread)
            throw new SmtpRefusedException($"{options.Host} spoke between STARTTLS and the encryption; somebody may be between. Nothing was sent.", isPassing: false);
        wire = await SecureAsync(wire, cancellationToken);
        return (wire, await AskAsync(wire, $"EHLO {Name}", 250, "EHLO", cancellationToken));
    }

    private async Task<SmtpWire> SecureAsync(SmtpWire wire, CancellationToken cancellationToken)
    {
        var problem = SslPolicyErrors.None;
        var secure = new SslStream(wire.Stream, leaveInnerStreamOpen: false, (_, _, _, errors) => (problem = errors) == SslPolicyErrors.None);
        try
        {
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = options.Host!, CertificateChainPolicy = Trusted() }, cancellationToken);
            return new SmtpWire(secure);
        }
        catch (AuthenticationException e)
        {
            await secure.DisposeAsync();
            throw new SmtpRefusedException(
                problem switch
                {
                    SslPolicyErrors.None => $"{options.Host}:{options.Port} does not speak TLS here: {e.Message}",
                    _ when problem.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => $"The certificate of {options.Host} is for another name.",
                    _ => $"The certificate of {options.Host} is not trusted. Name its authority in {SmtpOptions.Section}:CaFile where that is one of your own.",
                },
                isPassing: false);
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    /// <summary>The machine's authorities; those of the file alone where one is configured.</summary>
    private X509ChainPolicy? Trusted()
    {
        if (string.IsNullOrEmpty(options.CaFile))
            return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(options.CaFile);
        return policy;
    }

    private async Task SignInAsync(SmtpWire wire, SmtpAnswer hello, CancellationToken cancellationToken)
    {
        var methods = (hello.Extension("AUTH") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (methods.Contains("PLAIN", StringComparer.OrdinalIgnoreCase))
        {
            CheckSignIn(await TellAsync(wire, $"AUTH PLAIN {Base64($"\0{options.User}\0{options.Password}")}", cancellationToken));
        }
        else if (methods.Contains("LOGIN", StringComparer.OrdinalIgnoreCase))
        {
            Require(await TellAsync(wire, "AUTH LOGIN", cancellationToken), 334, "AUTH LOGIN");
            Require(await TellAsync(wire, Base64(options.User!), cancellationToken), 334, "the user's name");
            CheckSignIn(await TellAsync(wire, Base64(options.Password!), cancellationToken));
        }
        else
        {
            throw new SmtpRefusedException($"{options.Host} takes no password (AUTH PLAIN or LOGIN){(options.Tls == SmtpTls.None ? " without encryption" : "")}.", isPassing: false);
        }
    }

    private void CheckSignIn(SmtpAnswer answer)
    {
        if (answer.Code is 235)
            return;
        throw answer.Code is 535 or 534
            ? new SmtpRefusedException($"{options.Host} refused the user name or the password ({answer.Code}): check {SmtpOptions.Section}:User and :Password.", isPassing: false)
            : new SmtpRefusedException($"{options.Host} did not sign '{options.User}' in ({answer.Code}).", answer.Code < 500);
    }

    private async Task<SmtpAnswer> AskAsync(SmtpWire wire, string line, int expected, string what, CancellationToken cancellationToken)
    {
        var answer = await TellAsync(wire, line, cancellationToken);
        Require(answer, expected, what);
        return answer;
    }

    private static async Task<SmtpAnswer> TellAsync(SmtpWire wire, string line, CancellationToken cancellationToken)
    {
        // A line that holds another's end would be two commands.
        if (line.Any(static one => one is < ' ' or > '~'))
            throw new SmtpRefusedException($"What follows {line.Split(' ')[0]} holds control characters or is no ASCII. Nothing was sent.", isPassing: false);
        await wire.WriteAsync(line + "\r\n", cancellationToken);
        return await wire.ReadAsync(cancellationToken);
    }

    private void Require(SmtpAnswer answer, int expected, string what)
    {
        if (answer.Code == expected || (expected == 250 && answer.Code == 251))
            return;
        var said = new string([.. string.Join(' ', answer.Lines).Where(static one => !char.IsControl(one)).Take(MaxShown)]);
        throw new SmtpRefusedException($"{options.Host} did not take {what}: {answer.Code} {said}".TrimEnd(), answer.Code < 500);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
