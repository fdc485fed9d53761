using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Troupe.Web.Json;

namespace Troupe.Web.Management;

/// <summary>JSON and times as Durable Functions writes them.</summary>
internal static class DurableJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
        MaxDepth = WebJson.Options.MaxDepth,
    };

    /// <summary>To the second: <c>2026-01-31T12:00:00Z</c>.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A stored JSON text as a value; null stays null, and what is no JSON is told as text.</summary>
    public static JsonElement? Value(string? json)
    {
        if (json is null)
            return null;
        try
        {
            return JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(json);
        }
    }
}
