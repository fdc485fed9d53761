namespace Troupe.Core.Definitions.Reading;

/// <summary>A place in the source; both from 1.</summary>
internal sealed record Mark(int Line, int Column);

/// <summary>A definition's text as a tree that knows where everything stands; YAML and JSON become the same.</summary>
internal abstract record SourceNode(Mark? Mark)
{
    /// <summary>As messages name it.</summary>
    public abstract string Kind { get; }
}

internal enum ScalarKind
{
    Text,
    Number,
    Boolean,
    Null,
}

/// <param name="Layout">Where a multi-line text's own lines stand in the file; null where they can't be told.</param>
internal sealed record ScalarNode(string Text, ScalarKind Type, Mark? Mark, TextLayout? Layout = null) : SourceNode(Mark)
{
    public override string Kind => Type switch
    {
        ScalarKind.Null => "nothing",
        ScalarKind.Number => $"the number {Text}",
        ScalarKind.Boolean => Text,
        _ => Text.Length <= 40 ? $"\"{Text}\"" : $"\"{Text.AsSpan(0, 40)}…\"",
    };
}

/// <param name="FirstLine">The line in the file of the text's first line.</param>
/// <param name="FirstColumn">The column in the file of the first line's first character.</param>
/// <param name="Column">The same for all further lines; 0 where there is none.</param>
internal sealed record TextLayout(int FirstLine, int FirstColumn, int Column)
{
    public Mark Locate(int line, int column) => new(FirstLine + line - 1, (line == 1 ? FirstColumn : Column) + column - 1);
}

internal sealed record ListNode(IReadOnlyList<SourceNode> Items, Mark? Mark) : SourceNode(Mark)
{
    public override string Kind => "a list";
}

internal sealed record MapNode(IReadOnlyList<MapEntry> Entries, Mark? Mark) : SourceNode(Mark)
{
    public override string Kind => "a mapping";

    public MapEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);
}

internal sealed record MapEntry(string Key, Mark? KeyMark, SourceNode Value);

/// <summary>The text is no YAML or no JSON, or beyond a limit.</summary>
internal sealed class SourceException(string message, Mark? mark) : Exception(message)
{
    public Mark? Mark { get; } = mark;

}
