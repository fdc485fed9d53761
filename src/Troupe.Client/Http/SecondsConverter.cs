using System.Text.Json;
using System.Text.Json.Serialization;

namespace Troupe.Client;

/// <summary>Durations travel as seconds.</summary>
internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimeSpan.FromSeconds(reader.GetDouble());

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.TotalSeconds);
}

/// <summary>Statuses travel as lower-case words; one that is not known yet is <see cref="WorkStatus.Unknown"/> rather than an error.</summary>
internal sealed class WorkStatusConverter : JsonConverter<WorkStatus>
{
    public override WorkStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Enum.TryParse<WorkStatus>(reader.GetString(), ignoreCase: true, out var status) && Enum.IsDefined(status) ? status : WorkStatus.Unknown;

    public override void Write(Utf8JsonWriter writer, WorkStatus value, JsonSerializerOptions options) =>
        writer.WriteStringValue(WorkStatusWords.Of(value));
}

internal static class WorkStatusWords
{
    public static string Of(WorkStatus status) => status.ToString().ToLowerInvariant();
}
