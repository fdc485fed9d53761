using System.Text;

namespace Troupe.Agents.Files;

/// <summary>Lists written as one line of text.</summary>
internal static class CommaText
{
    /// <summary>Cuts at commas outside parentheses, as in <c>Read, Bash(git diff:*, git log:*)</c>; brackets around the whole are dropped.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var inner = text is ['[', .., ']'] ? text[1..^1] : text;
        var parts = new List<string>();
        var depth = 0;
        var start = 0;
        for (var i = 0; i <= inner.Length; i++)
        {
            var c = i < inner.Length ? inner[i] : ',';
            depth += c switch { '(' => 1, ')' when depth > 0 => -1, _ => 0 };
            if ((c is not (',' or '\n') || depth > 0) && i < inner.Length)
                continue;
            var part = inner[start..i].Trim().TrimStart('-').Trim().Trim('"', '\'');
            if (part.Length > 0)
                parts.Add(part);
            start = i + 1;
        }

        return parts;
    }

    /// <summary>Cuts at blanks; single and double quotes keep blanks in a word. Nothing else is special.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var inWord = false;
        foreach (var c in text)
        {
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (inWord)
                    words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else if (quote == '\0' ? c is '"' or '\'' : c == quote)
            {
                quote = quote == '\0' ? c : '\0';
                inWord = true;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        if (inWord)
            words.Add(word.ToString());
        return words;
    }
}
