using System.Text.RegularExpressions;

namespace Troupe.Agents.Providers;

/// <summary>Takes secrets out of texts that are shown: the keys in use, and whatever looks like one.</summary>
internal sealed partial class Redactor
{
    private const string Gone = "[redacted]";
    private const int Shortest = 6;

    private readonly string[] secrets;

    public Redactor(IEnumerable<string?> secrets) =>
        this.secrets = [.. secrets.OfType<string>().Where(secret => secret.Length >= Shortest).Distinct(StringComparer.Ordinal)];

    public string Clean(string text)
    {
        foreach (var secret in secrets)
            text = text.Replace(secret, Gone, StringComparison.Ordinal);
        return LooksSecret().Replace(text, Gone);
    }

    [GeneratedRegex(
        @"\bsk-[A-Za-z0-9_*-]{8,}|\bAIza[A-Za-z0-9_-]{20,}|\beyJ[A-Za-z0-9_-]{20,}(?:\.[A-Za-z0-9_-]*)*|(?<=\bBearer\s+)\S{8,}",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex LooksSecret();
}
