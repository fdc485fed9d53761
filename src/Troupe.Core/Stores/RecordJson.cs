using System.Text.Json;
using Troupe.Core.Json;

namespace Troupe.Core.Stores;

/// <summary>Records as stored: as the product writes them, less the properties that are computed from others.</summary>
public static class RecordJson
{
    private static readonly JsonSerializerOptions Options = Create();

    public static string Write<T>(T record) => JsonSerializer.Serialize(record, Options);

    public static T Read<T>(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize<T>(utf8, Options) ?? throw Damaged<T>();

    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw Damaged<T>();

    private static InvalidDataException Damaged<T>() => new($"A stored {typeof(T).Name} is the JSON null: the store was changed by hand.");

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(TroupeJson.Options) { IgnoreReadOnlyProperties = true };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
