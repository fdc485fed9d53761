using System.Net;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Troupe.Integrations.Email;

/// <summary>Checks the options at start-up: each message names the key, what it holds (but no secret) and what it should.</summary>
internal sealed class SmtpOptionsValidator : IValidateOptions<SmtpOptions>
{
    public ValidateOptionsResult Validate(string? name, SmtpOptions options)
    {
        if (string.IsNullOrEmpty(options.Host))
            return ValidateOptionsResult.Success;
        var wrong = new List<string>();
        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown)
            Add("Host", $"is '{options.Host}', but must be a host name or an IP address.");
        if (options.Port is < 1 or > 65_535)
            Add("Port", $"is {options.Port}, but must be 1 to 65535.");
        if (!MailAddress.TryCreate(options.From, out var from) || !EmailChannel.IsPlain(from))
            Add("From", $"is '{options.From}', but must be an e-mail address.");
        if (!string.IsNullOrEmpty(options.CaFile) && ProblemOf(options.CaFile) is { } problem)
            Add("CaFile", $"is '{options.CaFile}', but {problem}.");
        foreach (var (user, _) in options.Addresses.Where(static entry => !MailAddress.TryCreate(entry.Value, out var address) || !EmailChannel.IsPlain(address)))
            Add($"Addresses:{user}", "is no e-mail address.");
        if (string.IsNullOrEmpty(options.User) != string.IsNullOrEmpty(options.Password))
            Add("User", "and Password belong together: give both or neither.");
        if (options.Tls == SmtpTls.None && !string.IsNullOrEmpty(options.User) && !IsLoopback(options.Host))
            Add("Tls", "is None, so that the password would be sent unencrypted.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Add(string key, string problem) => wrong.Add($"{SmtpOptions.Section}:{key} {problem}");
    }

    private static string? ProblemOf(string file)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return certificates.Count == 0 ? "holds no certificate in PEM" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"it cannot be read: {e.Message.TrimEnd('.')}";
        }
    }

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
