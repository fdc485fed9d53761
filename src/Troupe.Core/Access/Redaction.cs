using System.Text.RegularExpressions;

namespace Troupe.Core.Access;

/// <summary>Takes keys, sessions, tokens and the secrets of webhooks out of text that is going to be logged.</summary>
public static partial class Redaction
{
    public static string Redact(string text) =>
        text.Contains("tr", StringComparison.OrdinalIgnoreCase) || text.Contains("whsec_", StringComparison.OrdinalIgnoreCase) || text.Contains("token", StringComparison.OrdinalIgnoreCase)
            ? Secrets().Replace(text, "$1$2…")
            : text;

    [GeneratedRegex(@"\b(tr[psc]_|whsec_)[A-Za-z0-9_+/=]+|((?<=[?&;\s])token=)[^&\s""'#]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secrets();
}
