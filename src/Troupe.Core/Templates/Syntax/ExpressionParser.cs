namespace Troupe.Core.Templates.Syntax;

/// <param name="Path">Set where the operand is a path.</param>
internal readonly record struct Operand(string Text, int From, int To, PathUse? Path);

/// <summary>Reads what stands in a tag: names, literals, and calls of helpers in parentheses.</summary>
internal sealed class ExpressionParser(string source, int from, int to, int scope, List<PathUse> paths, List<SyntaxProblem> problems)
{
    private const int MaxNesting = 16;
    private const string PathEnd = " \t\r\n()\"'=|{}";
    private int _position = from;

    /// <summary>Reads to the end of the tag; the first operand may be the name of a helper, which is then no path.</summary>
    public List<Operand> ReadAll()
    {
        var operands = Read(0);
        if (_position < to)
            Add($"\"{source[_position]}\" is out of place here.", _position);
        return operands;
    }

    public void CheckCall(List<Operand> operands, int offset)
    {
        var name = operands[0].Text;
        if (!HelperNames.Inline.TryGetValue(name, out var arity))
            Add($"There is no helper \"{name}\". {Suggest(name)}Helpers: {string.Join(", ", HelperNames.Inline.Keys)}. Where the braces are meant as text, write \\{{{{.", offset);
        else if (!arity.Allows(operands.Count - 1))
            Add($"\"{name}\" takes {arity}, not {operands.Count - 1}.", offset);
        Use(operands.Skip(1));
    }

    public void Use(IEnumerable<Operand> operands)
    {
        foreach (var operand in operands)
        {
            if (operand.Path is { } path)
                paths.Add(path);
        }
    }

    private static string Suggest(string name) => Definitions.Suggestion.For(name, HelperNames.Inline.Keys);

    private List<Operand> Read(int nesting)
    {
        List<Operand> operands = [];
        while (true)
        {
            while (_position < to && char.IsWhiteSpace(source[_position]))
                _position++;
            if (_position >= to || source[_position] == ')')
                return operands;
            var start = _position;
            switch (source[start])
            {
                case '(':
                    if (!ReadCall(nesting))
                        return operands;
                    operands.Add(new Operand(source[start.._position], start, _position, null));
                    break;
                case '"' or '\'':
                    ReadQuoted();
                    operands.Add(new Operand(source[start.._position], start, _position, null));
                    break;
                case '=' or '|' or '}':
                    return operands;
                default:
                    ReadWord();
                    operands.Add(ToOperand(start));
                    break;
            }
        }
    }

    private bool ReadCall(int nesting)
    {
        var start = _position++;
        if (nesting >= MaxNesting)
            return Add($"Calls are nested deeper than {MaxNesting}.", start);
        var inner = Read(nesting + 1);
        if (_position >= to || source[_position] != ')')
            return Add("A parenthesis is never closed.", start);
        _position++;
        if (inner.Count == 0)
            return Add("There is nothing between the parentheses.", start);
        CheckCall(inner, inner[0].From);
        return true;
    }

    private void ReadQuoted()
    {
        var quote = source[_position++];
        while (_position < to && (source[_position] != quote || source[_position - 1] == '\\'))
            _position++;
        _position = Math.Min(_position + 1, to);
    }

    private void ReadWord()
    {
        while (_position < to && !PathEnd.Contains(source[_position]))
        {
            if (source[_position] == '[')
            {
                var close = source.IndexOf(']', _position, to - _position);
                _position = close < 0 ? to - 1 : close;
            }

            _position++;
        }
    }

    private Operand ToOperand(int start)
    {
        var text = source[start.._position];
        var path = IsLiteral(text) ? null : PathParser.Parse(text, start, scope, problems);
        return new Operand(text, start, _position, path);
    }

    private static bool IsLiteral(string text) =>
        text is "true" or "false" or "null" or "undefined" || char.IsAsciiDigit(text[0]) || (text.Length > 1 && text[0] == '-' && char.IsAsciiDigit(text[1]));

    private bool Add(string message, int offset)
    {
        problems.Add(new SyntaxProblem(message, offset));
        _position = to;
        return false;
    }
}
