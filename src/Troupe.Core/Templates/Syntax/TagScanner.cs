namespace Troupe.Core.Templates.Syntax;

/// <param name="Start">Of the opening braces.</param>
/// <param name="From">Of the content, without whitespace marks.</param>
/// <param name="To">The end of the content.</param>
/// <param name="End">Behind the closing braces.</param>
internal readonly record struct Tag(int Start, int From, int To, int End, bool Triple);

/// <summary>Finds the tags of a template one by one; comments and escaped tags are passed over.</summary>
internal sealed class TagScanner(string source)
{
    private int _position;

    public SyntaxProblem? Problem { get; private set; }

    public bool TryNext(out Tag tag)
    {
        tag = default;
        while (true)
        {
            var start = source.IndexOf("{{", _position, StringComparison.Ordinal);
            if (start < 0)
                return false;
            var body = start + 2;
            if (IsEscaped(start))
            {
                _position = body;
                continue;
            }

            if (body < source.Length && source[body] == '~')
                body++;
            if (body < source.Length && source[body] == '!')
            {
                if (!SkipComment(start, body))
                    return false;
                continue;
            }

            return TryClose(start, body, out tag);
        }
    }

    /// <summary>A backslash makes the braces plain text; two of them are a backslash in front of a tag.</summary>
    private bool IsEscaped(int start) =>
        start > _position && source[start - 1] == '\\' && !(start - 1 > _position && source[start - 2] == '\\');

    private bool SkipComment(int start, int body)
    {
        var isLong = string.CompareOrdinal(source, body, "!--", 0, 3) == 0;
        var end = isLong ? source.IndexOf("--", body + 3, StringComparison.Ordinal) : body;
        end = end < 0 ? -1 : source.IndexOf("}}", end, StringComparison.Ordinal);
        if (end < 0)
            return Fail("A comment is never closed; end it with }}.", start);
        _position = end + 2;
        return true;
    }

    private bool TryClose(int start, int body, out Tag tag)
    {
        var triple = body < source.Length && source[body] == '{' && source[body - 1] != '~';
        var from = triple ? body + 1 : body;
        var quote = '\0';
        for (var i = from; i < source.Length; i++)
        {
            var c = source[i];
            if (quote != '\0')
                quote = c == quote && source[i - 1] != '\\' ? '\0' : quote;
            else if (c is '"' or '\'')
                quote = c;
            else if (c == '{')
                break;
            else if (c == '}')
                return CloseAt(i, start, from, triple, out tag);
        }

        tag = default;
        return Fail("A tag is never closed. End it with }}; where the braces are meant as text, write \\{{.", start);
    }

    private bool CloseAt(int brace, int start, int from, bool triple, out Tag tag)
    {
        var closing = triple ? "}}}" : "}}";
        tag = default;
        if (string.CompareOrdinal(source, brace, closing, 0, closing.Length) != 0)
            return Fail($"This tag must be closed by {closing}.", start);
        var to = brace > from && source[brace - 1] == '~' ? brace - 1 : brace;
        _position = brace + closing.Length;
        tag = new Tag(start, from, to, _position, triple);
        return true;
    }

    private bool Fail(string message, int offset)
    {
        Problem = new SyntaxProblem(message, offset);
        return false;
    }
}
