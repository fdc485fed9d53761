using System.Text;

namespace Troupe.Core.Templates.Syntax;

/// <summary>
/// Reads the part of Handlebars that templates may use: values, the blocks <c>if</c>, <c>unless</c>, <c>each</c>, <c>with</c>, and the
/// helpers. Everything else (partials, decorators, raw blocks, unknown helpers) is a problem, so none of it reaches the renderer.
/// </summary>
internal sealed class TemplateParser
{
    private const int MaxBlocks = 32;
    private readonly string _source;
    private readonly List<PathUse> _paths = [];
    private readonly List<SyntaxProblem> _problems = [];
    private readonly Stack<Block> _blocks = new();
    private readonly StringBuilder _executable = new();
    private int _copied;
    private int _scope;
    private bool _hasTags;

    private TemplateParser(string source) => _source = source;

    public static TemplateSyntax Parse(string source) => new TemplateParser(source).Run();

    private TemplateSyntax Run()
    {
        var scanner = new TagScanner(_source);
        while (_problems.Count == 0 && scanner.TryNext(out var tag))
        {
            _hasTags = true;
            Read(tag);
        }

        if (scanner.Problem is { } problem)
            _problems.Add(problem);
        else if (_problems.Count == 0 && _blocks.TryPeek(out var open))
            Fail($"{{{{#{open.Name}}}}} is never closed; end it with {{{{/{open.Name}}}}}.", open.Offset);
        _executable.Append(_source, _copied, _source.Length - _copied);
        _hasTags |= _source.Contains("{{", StringComparison.Ordinal);
        return new TemplateSyntax(_executable.ToString(), _hasTags, _paths, _problems);
    }

    private void Read(Tag tag)
    {
        var content = _source[tag.From..tag.To].Trim();
        if (content.Length == 0)
            Fail("A tag is empty. Where the braces are meant as text, write \\{{.", tag.Start);
        else if (content[0] == '#')
            Open(tag);
        else if (content[0] == '/')
            Close(content[1..].Trim(), tag.Start);
        else if (content is "else" or "^")
            Else(tag.Start);
        else if (content.StartsWith("else ", StringComparison.Ordinal))
            ElseIf(tag, content);
        else if (content[0] is '>' or '*' or '&' or '^' or '%')
            Fail($"Templates here have no {{{{{content[0]}…}}}}: there are values, helpers, and the blocks {BlockList}.", tag.Start);
        else
            Value(tag);
    }

    private void Value(Tag tag)
    {
        var parser = ParserFor(tag.From, tag.To);
        var operands = parser.ReadAll();
        if (_problems.Count > 0)
            return;
        if (operands.Count > 1)
            parser.CheckCall(operands, operands[0].From);
        else if (HelperNames.Inline.ContainsKey(operands[0].Text))
            parser.CheckCall(operands, operands[0].From);
        else
            parser.Use(operands);
    }

    private void Open(Tag tag)
    {
        var from = _source.IndexOf('#', tag.From) + 1;
        var parser = ParserFor(from, tag.To);
        var operands = parser.ReadAll();
        if (_problems.Count > 0)
            return;
        var name = operands.Count > 0 ? operands[0].Text : "";
        if (!HelperNames.Blocks.Contains(name, StringComparer.Ordinal))
            Fail($"There is no block {{{{#{name}}}}}; there are {BlockList}.", tag.Start);
        else if (operands.Count != 2)
            Fail($"{{{{#{name}}}}} takes 1 value, not {operands.Count - 1}.", tag.Start);
        else if (_blocks.Count >= MaxBlocks)
            Fail($"Blocks are nested deeper than {MaxBlocks}.", tag.Start);
        else
            Push(name, operands[1], parser, tag.Start);
    }

    private void Push(string name, Operand value, ExpressionParser parser, int offset)
    {
        parser.Use([value]);
        if (HelperNames.OpensScope(name))
        {
            _executable.Append(_source, _copied, value.From - _copied)
                .Append('(').Append(name == "each" ? HelperNames.EachValue : HelperNames.WithValue).Append(' ')
                .Append(value.Text).Append(')');
            _copied = value.To;
            _scope++;
        }

        _blocks.Push(new Block(name, offset, HasElse: false));
    }

    private void Else(int offset)
    {
        if (!_blocks.TryPop(out var block))
        {
            Fail("{{else}} stands outside any block.", offset);
            return;
        }

        if (block.HasElse)
            Fail($"{{{{#{block.Name}}}}} has two {{{{else}}}}.", offset);
        if (HelperNames.OpensScope(block.Name))
            _scope--;
        _blocks.Push(block with { HasElse = true });
    }

    private void ElseIf(Tag tag, string content)
    {
        if (!_blocks.TryPeek(out var block) || block.HasElse || HelperNames.OpensScope(block.Name)
            || !content.AsSpan(5).TrimStart().StartsWith("if "))
        {
            Fail("Only {{else if …}} inside {{#if}} and before its {{else}} is possible.", tag.Start);
            return;
        }

        var parser = ParserFor(_source.IndexOf("if ", tag.From, StringComparison.Ordinal) + 3, tag.To);
        var operands = parser.ReadAll();
        if (operands.Count != 1 && _problems.Count == 0)
            Fail($"{{{{else if}}}} takes 1 value, not {operands.Count}.", tag.Start);
        parser.Use(operands);
    }

    private void Close(string name, int offset)
    {
        if (!_blocks.TryPop(out var block))
            Fail($"{{{{/{name}}}}} closes nothing.", offset);
        else if (block.Name != name)
            Fail($"{{{{/{name}}}}} cannot close {{{{#{block.Name}}}}} of {TextPosition.Of(_source, block.Offset)}.", offset);
        else if (HelperNames.OpensScope(name) && !block.HasElse)
            _scope--;
    }

    private static string BlockList => string.Join(", ", HelperNames.Blocks.Select(block => $"{{{{#{block}}}}}"));

    private ExpressionParser ParserFor(int from, int to) => new(_source, from, to, _scope, _paths, _problems);

    private void Fail(string message, int offset) => _problems.Add(new SyntaxProblem(message, offset));

    private sealed record Block(string Name, int Offset, bool HasElse);
}
