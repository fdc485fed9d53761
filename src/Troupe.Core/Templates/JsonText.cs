using System.Text.Json;

namespace Troupe.Core.Templates;

/// <summary>Finds the JSON in a task's result: models like to wrap it into a code fence.</summary>
public static class JsonText
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>Whether the whole text, or the one fenced block that it consists of, is a JSON object or list.</summary>
    public static bool TryParse(string text, out JsonElement json)
    {
        json = default;
        var body = Unfence(text.AsMemory().Trim());
        if (body.IsEmpty || body.Span[0] is not ('{' or '['))
            return false;
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            json = document.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ReadOnlyMemory<char> Unfence(ReadOnlyMemory<char> text)
    {
        const string fence = "```";
        var span = text.Span;
        if (!span.StartsWith(fence) || !span.EndsWith(fence))
            return text;
        var firstLine = span.IndexOf('\n');
        return firstLine < 0 || firstLine > text.Length - fence.Length ? text : text[(firstLine + 1)..^fence.Length].Trim();
    }
}
