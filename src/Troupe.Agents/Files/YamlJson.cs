using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Troupe.Agents.Files;

/// <summary>Reads a YAML mapping as JSON values. Depth and size are bounded, so that no alias or nesting can exhaust the process.</summary>
internal sealed partial class YamlJson
{
    public const int MaxDepth = 32;
    public const int MaxNodes = 10_000;

    private readonly Dictionary<string, JsonNode?> anchors = new(StringComparer.Ordinal);
    private readonly Parser parser;
    private int nodes;

    private YamlJson(string yaml) => parser = new Parser(new StringReader(yaml));

    /// <summary>The entries of the mapping that the text is, with the line of each, from 1; none where the text is empty.</summary>
    /// <exception cref="YamlException">The text is no YAML, no mapping, or beyond the bounds.</exception>
    public static IReadOnlyList<(string Key, JsonNode? Value, int Line)> ReadMapping(string yaml) => new YamlJson(yaml).Mapping();

    private List<(string Key, JsonNode? Value, int Line)> Mapping()
    {
        var entries = new List<(string, JsonNode?, int)>();
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _))
            return entries;
        parser.Consume<DocumentStart>();
        if (!parser.TryConsume<MappingStart>(out _))
            throw new YamlException(parser.Current?.Start ?? Mark.Empty, parser.Current?.End ?? Mark.Empty, "Expected a mapping of keys to values.");
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            entries.Add((key.Value, Read(1), (int)key.Start.Line));
        }

        parser.Consume<DocumentEnd>();
        parser.Consume<StreamEnd>();
        return entries;
    }

    private JsonNode? Read(int depth)
    {
        var at = parser.Current ?? throw new YamlException("The text ends within a value.");
        if (depth > MaxDepth || ++nodes > MaxNodes)
            throw new YamlException(at.Start, at.End, $"Nested deeper than {MaxDepth} levels or more than {MaxNodes} values.");
        switch (at)
        {
            case AnchorAlias alias:
                parser.MoveNext();
                return Copy(alias);
            case Scalar scalar:
                parser.MoveNext();
                return Remember(scalar.Anchor, Resolve(scalar));
            case SequenceStart sequence:
                return Remember(sequence.Anchor, Sequence(depth));
            default:
                return Remember(parser.Peek<MappingStart>().Anchor, Object(depth));
        }
    }

    private JsonArray Sequence(int depth)
    {
        parser.Consume<SequenceStart>();
        var array = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
            array.Add(Read(depth + 1));
        return array;
    }

    private JsonObject Object(int depth)
    {
        parser.Consume<MappingStart>();
        var result = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            result[key.Value] = Read(depth + 1);
        }

        return result;
    }

    private JsonNode? Copy(AnchorAlias alias)
    {
        if (!anchors.TryGetValue(alias.Value.Value, out var node))
            throw new YamlException(alias.Start, alias.End, $"The alias *{alias.Value.Value} names no value above it.");
        nodes += Count(node);
        return nodes > MaxNodes ? throw new YamlException(alias.Start, alias.End, $"More than {MaxNodes} values.") : node?.DeepClone();
    }

    private JsonNode? Remember(AnchorName anchor, JsonNode? node)
    {
        if (!anchor.IsEmpty)
            anchors[anchor.Value] = node;
        return node;
    }

    private static int Count(JsonNode? node) => node switch
    {
        JsonArray array => 1 + array.Sum(Count),
        JsonObject entries => 1 + entries.Sum(entry => Count(entry.Value)),
        _ => 1,
    };

    private static JsonValue? Resolve(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(text);
        if (text is "" or "~" or "null" or "Null" or "NULL")
            return null;
        if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
            return JsonValue.Create(text[0] is 't' or 'T');
        if (!Number().IsMatch(text))
            return JsonValue.Create(text);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        return double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(text);
    }

    [GeneratedRegex(@"^[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}

file static class ParserExtensions
{
    public static T Peek<T>(this Parser parser)
        where T : ParsingEvent =>
        parser.Accept<T>(out var found)
            ? found
            : throw new YamlException(parser.Current?.Start ?? Mark.Empty, parser.Current?.End ?? Mark.Empty, $"Expected {typeof(T).Name}.");
}
