using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Troupe.Core.Json;

/// <summary>How everything of Troupe is written as JSON: snake_case, enums as words, nulls left out, durations as seconds.</summary>
public static class TroupeJson
{
    /// <summary>Values from outside have at most 64 levels; the records, histories and answers that carry them add a few.</summary>
    private const int MaxDepth = 128;

    /// <summary>The one set of options; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DictionaryKeyPolicy = null,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = MaxDepth,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false), new DurationConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
