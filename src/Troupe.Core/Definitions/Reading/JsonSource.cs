using System.Text;
using System.Text.Json;

namespace Troupe.Core.Definitions.Reading;

/// <summary>Reads JSON into a tree, with marks where the text is a file's.</summary>
internal ref struct JsonSource
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _withMarks;
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _lineStart;
    private int _counted;

    private JsonSource(ReadOnlySpan<byte> text, bool withMarks)
    {
        _text = text;
        _withMarks = withMarks;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = SourceLimits.MaxDepth });
    }

    /// <exception cref="SourceException">It is not JSON, or nested too deeply.</exception>
    public static SourceNode Read(string text) => Read(Encoding.UTF8.GetBytes(text), withMarks: true);

    /// <exception cref="SourceException">Nested too deeply.</exception>
    public static SourceNode Read(JsonElement json) => Read(Encoding.UTF8.GetBytes(json.GetRawText()), withMarks: false);

    private static SourceNode Read(ReadOnlySpan<byte> text, bool withMarks)
    {
        try
        {
            var source = new JsonSource(text, withMarks);
            source._reader.Read();
            var root = source.ReadNode();
            source._reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            var mark = withMarks && e.LineNumber is { } line ? new Mark((int)line + 1, (int)(e.BytePositionInLine ?? 0) + 1) : null;
            throw new SourceException($"This is not valid JSON: {(end < 0 ? e.Message : e.Message[..end])}", mark);
        }
    }

    private SourceNode ReadNode()
    {
        var mark = CurrentMark();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                List<MapEntry> entries = [];
                while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
                {
                    var (key, keyMark) = (_reader.GetString()!, CurrentMark());
                    _reader.Read();
                    entries.Add(new MapEntry(key, keyMark, ReadNode()));
                }

                return new MapNode(entries, mark);
            case JsonTokenType.StartArray:
                List<SourceNode> items = [];
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                    items.Add(ReadNode());
                return new ListNode(items, mark);
            case JsonTokenType.String:
                return new ScalarNode(_reader.GetString()!, ScalarKind.Text, mark);
            case JsonTokenType.Number:
                return new ScalarNode(Encoding.UTF8.GetString(_reader.ValueSpan), ScalarKind.Number, mark);
            case JsonTokenType.Null:
                return new ScalarNode("", ScalarKind.Null, mark);
            default:
                return new ScalarNode(_reader.TokenType == JsonTokenType.True ? "true" : "false", ScalarKind.Boolean, mark);
        }
    }

    private Mark? CurrentMark()
    {
        if (!_withMarks)
            return null;
        var at = (int)_reader.TokenStartIndex;
        for (; _counted < at; _counted++)
        {
            if (_text[_counted] != (byte)'\n')
                continue;
            _line++;
            _lineStart = _counted + 1;
        }

        return new Mark(_line, Encoding.UTF8.GetCharCount(_text[_lineStart..at]) + 1);
    }
}
