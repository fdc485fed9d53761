namespace Troupe.Integrations.Email;

/// <summary>How the connection to the mail server is encrypted.</summary>
public enum SmtpTls
{
    /// <summary>STARTTLS before anything is said, usually on port 587; a server that does not offer it gets nothing.</summary>
    StartTls,

    /// <summary>From the first byte, usually on port 465.</summary>
    Implicit,

    /// <summary>Not at all; no password is sent then but to this machine.</summary>
    None,
}
