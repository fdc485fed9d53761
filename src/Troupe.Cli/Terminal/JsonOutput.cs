using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Troupe.Client;

namespace Troupe.Cli.Terminal;

/// <summary>What <c>--json</c> prints: one JSON value, in the words of the HTTP API.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = Create(indented: true);
    private static readonly JsonSerializerOptions LineOptions = Create(indented: false);

    public static void Write<T>(TextWriter output, T value) => output.WriteLine(JsonSerializer.Serialize(value, Options));

    /// <summary>On one line, for streams of values.</summary>
    public static void WriteLine<T>(TextWriter output, T value) => output.WriteLine(JsonSerializer.Serialize(value, LineOptions));

    private static JsonSerializerOptions Create(bool indented) => new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        Converters = { new JsonStringEnumConverter<WorkStatus>(JsonNamingPolicy.SnakeCaseLower), new Seconds() },
    };

    private sealed class Seconds : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeSpan.FromSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.TotalSeconds);
    }
}
