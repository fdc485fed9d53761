namespace Troupe.Integrations.Email;

/// <summary>Notifications by e-mail: the section <c>Troupe:Smtp</c> of the configuration.</summary>
public sealed class SmtpOptions
{
    public const string Section = "Troupe:Smtp";

    /// <summary>The server that takes mail in. Default none: no mail is sent.</summary>
    public string? Host { get; set; }

    /// <summary>1 to 65,535. Default 587.</summary>
    public int Port { get; set; } = 587;

    /// <summary>How the connection is encrypted. Default <see cref="SmtpTls.StartTls"/>.</summary>
    public SmtpTls Tls { get; set; } = SmtpTls.StartTls;

    /// <summary>A PEM file of the authorities that the server's certificate may come from, in place of the machine's. Default none.</summary>
    public string? CaFile { get; set; }

    /// <summary>Who signs in. Default none.</summary>
    public string? User { get; set; }

    /// <summary>Only from an environment variable or a secret store.</summary>
    public string? Password { get; set; }

    /// <summary>The sender's address. Required with <see cref="Host"/>.</summary>
    public string? From { get; set; }

    /// <summary>The address of each user. A user who is missing here, and whose name is no address, gets no mail.</summary>
    public Dictionary<string, string> Addresses { get; } = new(StringComparer.Ordinal);
}
