using System.Text.Json;
using Troupe.Core.Definitions.Reading;

namespace Troupe.Core.Definitions;

/// <summary>The text of a definition that <see cref="DefinitionReader"/> accepts.</summary>
public static class DefinitionSource
{
    /// <summary>The same as JSON, fit to be sent inline.</summary>
    public static JsonElement ToJson(string text) => Read(text).ToJson();

    /// <summary>Gives a problem that has only a pointer its file, line and column.</summary>
    public static Problem Locate(Problem problem, string text, string file) =>
        SourcePointer.Resolve(Read(text), problem.Pointer).Mark is { } mark
            ? problem with { File = file, Line = mark.Line, Column = mark.Column }
            : problem with { File = file };

    internal static SourceNode Read(string text) =>
        text.AsSpan().TrimStart().StartsWith('{') ? JsonSource.Read(text) : YamlSource.Read(text);
}
