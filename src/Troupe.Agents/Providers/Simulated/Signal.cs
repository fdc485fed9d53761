using System.Text.RegularExpressions;

namespace Troupe.Agents.Providers.Simulated;

/// <summary>A pattern in added lines that a reviewer of one field would look at.</summary>
internal sealed record Signal(string Field, string Pattern, string Remark)
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(100);

    private static readonly IReadOnlyList<Signal> All =
    [
        new("security", @"(?:password|passwd|secret|api[_-]?key|token)\s*[:=]\s*[""'][^""']{4,}", "a credential seems to be written into the code"),
        new("security", @"\b(?:eval|exec|system|popen|Function)\s*\(", "code or a command is built at run time: check where its input comes from"),
        new("security", @"(?:SELECT|INSERT|UPDATE|DELETE)\b.*(?:\+\s*\w|\$\{|\{\w|%s)", "a query is put together from text: use parameters"),
        new("security", @"innerHTML|dangerouslySetInnerHTML|v-html", "markup is inserted unescaped"),
        new("security", @"http://(?!localhost|127\.)", "an address without TLS"),
        new("security", @"verify\s*=\s*False|InsecureSkipVerify|md5|sha1\b", "a weakened or outdated protection"),
        new("performance", @"\.Result\b|\.Wait\(\)|Thread\.Sleep|time\.sleep", "a blocking wait"),
        new("performance", @"SELECT\s+\*", "every column is read"),
        new("performance", @"for\s*\(.*\bawait\b|forEach\(async", "awaits one after the other in a loop"),
        new("performance", @"\.ToList\(\)\.|JSON\.parse\(JSON\.stringify|list\(.*\)\[0\]", "a needless copy"),
        new("accessibility", @"<img(?![^>]*\balt=)", "an image without a text alternative"),
        new("accessibility", @"<(?:div|span)[^>]*on[cC]lick", "a click target that the keyboard does not reach"),
        new("accessibility", @"outline:\s*(?:none|0)", "the focus mark is taken away"),
        new("accessibility", @"<input(?![^>]*(?:aria-label|id=))", "an input without a label"),
        new("quality", @"\b(?:TODO|FIXME|HACK|XXX)\b", "unfinished work is marked here"),
        new("quality", @"catch\s*(?:\([^)]*\))?\s*\{\s*\}|except\s*:\s*pass|except Exception", "an error is swallowed or caught too widely"),
        new("quality", @"console\.log|Console\.WriteLine|print\(|debugger", "output for debugging"),
        new("quality", @"^.{161,}$", "a very long line"),
    ];

    /// <summary>What the added lines show for a field; for one without patterns of its own, for all.</summary>
    public static IReadOnlyList<(string Path, int Line, string Text, string Remark)> Find(string field, IReadOnlyList<ChangedFile> files)
    {
        var signals = All.Where(signal => signal.Field == field).ToList();
        if (signals.Count == 0)
            signals = [.. All];
        return
        [
            .. from file in files
               from added in file.Added.Take(5_000)
               let hit = signals.Find(signal => signal.Matches(added.Text))
               where hit is not null
               select (file.Path, added.Line, PromptFacts.Shorten(added.Text.Trim(), 100), hit.Remark),
        ];
    }

    private bool Matches(string text)
    {
        try
        {
            return Regex.IsMatch(text.Length > 2000 ? text[..2000] : text, Pattern, RegexOptions.CultureInvariant, MatchLimit);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
