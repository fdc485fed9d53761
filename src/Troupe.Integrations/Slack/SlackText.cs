using System.Text;
using Troupe.Core;

namespace Troupe.Integrations.Slack;

/// <summary>Text as Slack's markup has it.</summary>
internal static class SlackText
{
    /// <summary>Slack refuses longer texts in a block.</summary>
    private const int MaxLength = 2_900;

    /// <summary>Untrusted text that can neither mention anybody nor make a link.</summary>
    public static string Escape(string text) => text.Shorten(MaxLength)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Untrusted text between single marks, such as of code.</summary>
    public static string Code(string text) => $"`{Escape(text.Replace('`', '\'').ReplaceLineEndings(" "))}`";

    /// <summary>What somebody typed, without Slack's escapes.</summary>
    public static string Unescape(string text) =>
        text.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);

    /// <summary>Splits at blanks, but not within quotation marks, also those that phones type.</summary>
    public static string[] Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quoted, begun) = (false, false);
        foreach (var character in text)
        {
            if (character is '"' or '“' or '”')
            {
                (quoted, begun) = (!quoted, true);
            }
            else if (char.IsWhiteSpace(character) && !quoted)
            {
                End();
            }
            else
            {
                word.Append(character);
                begun = true;
            }
        }

        End();
        return [.. words];

        void End()
        {
            if (begun)
                words.Add(word.ToString());
            word.Clear();
            begun = false;
        }
    }
}
