using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Troupe.Core.Definitions.Reading;

/// <summary>Reads one YAML document into a tree. Aliases, tags and further documents are refused: nothing can expand or construct anything.</summary>
internal sealed partial class YamlSource
{
    private readonly string[] _lines;
    private readonly Parser _parser;

    private YamlSource(string text)
    {
        _lines = text.Split('\n');
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <exception cref="SourceException">It is not YAML, or uses what is refused.</exception>
    public static SourceNode Read(string text)
    {
        try
        {
            return new YamlSource(text).ReadDocument();
        }
        catch (YamlException e)
        {
            throw new SourceException($"This is not valid YAML: {e.Message.TrimEnd('.')}.", ToMark(e.Start));
        }
    }

    private SourceNode ReadDocument()
    {
        Next();
        if (Next() is not DocumentStart)
            throw new SourceException("The definition is empty.", new Mark(1, 1));
        var root = ReadNode(Next(), 1);
        Next();
        return Next() is DocumentStart second
            ? throw new SourceException("A second document begins here (---); one file holds one definition.", ToMark(second.Start))
            : root;
    }

    private SourceNode ReadNode(ParsingEvent current, int depth)
    {
        var mark = ToMark(current.Start);
        SourceLimits.CheckDepth(depth, mark);
        if (current is AnchorAlias alias)
            throw new SourceException($"Aliases (*{alias.Value}) are not supported; write the value out.", mark);
        if (current is NodeEvent { Tag.IsEmpty: false } tagged)
            throw new SourceException($"Tags ({tagged.Tag}) are not supported; write the plain value.", mark);
        return current switch
        {
            Scalar scalar => ToScalar(scalar, mark),
            SequenceStart => ReadList(mark, depth),
            MappingStart => ReadMap(mark, depth),
            _ => throw new SourceException("A value was expected here.", mark),
        };
    }

    private ListNode ReadList(Mark mark, int depth)
    {
        List<SourceNode> items = [];
        while (Next() is var next and not SequenceEnd)
            items.Add(ReadNode(next, depth + 1));
        return new ListNode(items, mark);
    }

    private MapNode ReadMap(Mark mark, int depth)
    {
        List<MapEntry> entries = [];
        while (Next() is var next and not MappingEnd)
        {
            if (next is not Scalar key)
                throw new SourceException("A key must be plain text.", ToMark(next.Start));
            entries.Add(new MapEntry(key.Value, ToMark(key.Start), ReadNode(Next(), depth + 1)));
        }

        return new MapNode(entries, mark);
    }

    private ScalarNode ToScalar(Scalar scalar, Mark mark) =>
        new(scalar.Value, scalar.Style == ScalarStyle.Plain ? TypeOf(scalar.Value) : ScalarKind.Text, mark, LayoutOf(scalar, mark));

    private static ScalarKind TypeOf(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Boolean,
        _ => NumberPattern().IsMatch(text) ? ScalarKind.Number : ScalarKind.Text,
    };

    /// <summary>Literal blocks and texts of one line keep their characters' places; folded ones don't.</summary>
    private TextLayout? LayoutOf(Scalar scalar, Mark mark)
    {
        if (scalar.Style == ScalarStyle.Literal)
        {
            var first = mark.Line;
            while (first < _lines.Length && string.IsNullOrWhiteSpace(_lines[first]))
                first++;
            if (first == _lines.Length)
                return null;
            var column = _lines[first].Length - _lines[first].TrimStart(' ').Length + 1;
            return new TextLayout(mark.Line + 1, column, column);
        }

        var oneLine = scalar.Start.Line == scalar.End.Line && !scalar.Value.Contains('\n', StringComparison.Ordinal);
        var quotes = scalar.Style is ScalarStyle.DoubleQuoted or ScalarStyle.SingleQuoted ? 1 : 0;
        return oneLine ? new TextLayout(mark.Line, mark.Column + quotes, 0) : null;
    }

    private ParsingEvent Next() =>
        _parser.MoveNext() ? _parser.Current! : throw new SourceException("The text ends too early.", new Mark(_lines.Length, 1));

    private static Mark ToMark(YamlDotNet.Core.Mark mark) => new((int)mark.Line, (int)mark.Column);

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberPattern();
}
