using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Troupe.Core.Definitions;
using Troupe.Core.Json;
using Troupe.Web.Errors;

namespace Troupe.Web.Json;

/// <summary>Parses JSON from outside: at most 64 levels deep, valid UTF-8, no key twice in an object, no half characters.</summary>
internal static class StrictJson
{
    private const int MaxDepth = 64;

    private const int MaxProblems = 100;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="ApiException">400, saying where and why.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith(ByteOrderMark))
            utf8 = utf8[ByteOrderMark.Length..];
        if (utf8.IsEmpty)
            throw Malformed("The body is empty; a JSON value is expected.");
        if (!Utf8.IsValid(utf8.Span))
            throw Malformed("The body is not valid UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            var root = document.RootElement.Clone();
            var problems = new List<Problem>();
            Check(root, "", problems);
            return problems.Count == 0 ? root : throw Malformed("The body is ambiguous or broken JSON.", [.. problems]);
        }
        catch (JsonException exception)
        {
            throw Malformed(Describe(exception));
        }
    }

    private static void Check(JsonElement element, string pointer, List<Problem> problems)
    {
        if (problems.Count >= MaxProblems)
            return;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(element, pointer, problems);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                    Check(item, JsonPointer.Append(pointer, index++), problems);
                break;
            case JsonValueKind.String when JsonMarshal.GetRawUtf8Value(element).IndexOf("\\u"u8) >= 0 && !IsWhole(() => element.GetString()):
                problems.Add(new Problem("The text holds half of a surrogate pair, which is no character.", pointer));
                break;
        }
    }

    private static void CheckObject(JsonElement element, string pointer, List<Problem> problems)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!IsWhole(() => property.Name))
            {
                problems.Add(new Problem("A key holds half of a surrogate pair, which is no character.", pointer));
                continue;
            }

            var place = JsonPointer.Append(pointer, property.Name);
            if (!seen.Add(property.Name))
                problems.Add(new Problem("The key is there twice; leave one.", place));
            Check(property.Value, place, problems);
        }
    }

    private static bool IsWhole(Func<string?> text)
    {
        try
        {
            text();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Describe(JsonException exception)
    {
        var reason = exception.Message;
        var position = reason.IndexOf(" LineNumber:", StringComparison.Ordinal);
        if (position > 0)
            reason = reason[..position];
        reason = reason.Replace(" Change the reader options.", "", StringComparison.Ordinal);
        return $"The body is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: {reason}";
    }

    private static ApiException Malformed(string detail, params IReadOnlyList<Problem> errors) =>
        new(new ApiProblem(StatusCodes.Status400BadRequest, detail) { Kind = "malformed-json", Errors = errors });
}
