using System.Text.Json;
using System.Text.Json.Serialization;

namespace Troupe.Core.Json;

/// <summary>Reads seconds or words such as "90s"; writes seconds.</summary>
public sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var seconds) && Duration.TryFromSeconds(seconds, out var span))
            return span;
        if (reader.TokenType == JsonTokenType.String && Duration.TryParse(reader.GetString(), out span))
            return span;
        throw new JsonException("Expected a duration: seconds as a number, or text such as \"90s\", \"15m\", \"2h\", \"3d\", \"1h30m\".");
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.TotalSeconds);
}
