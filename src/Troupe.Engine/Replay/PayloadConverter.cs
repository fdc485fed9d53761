using System.Text;
using System.Text.Json;
using Troupe.Durable;

namespace Troupe.Engine.Replay;

/// <summary>A payload could not be written as, or read from, JSON.</summary>
internal sealed class PayloadException(string message, Exception innerException) : Exception(message, innerException);

/// <summary>Turns values into JSON and back, within the limits.</summary>
internal sealed class PayloadConverter(JsonSerializerOptions options, int maxPayloadBytes)
{
    /// <summary>The value as JSON; null stays null.</summary>
    /// <exception cref="DurableLimitExceededException">It is too large.</exception>
    /// <exception cref="PayloadException">It is not serializable.</exception>
    public string? Serialize(object? value, string what, string? name = null) => Serialize(value, typeof(object), what, name);

    /// <inheritdoc cref="Serialize(object?, string, string?)"/>
    public string? Serialize(object? value, Type declared, string what, string? name = null)
    {
        if (value is null) return null;
        var type = declared == typeof(object) ? value.GetType() : declared;
        string json;
        try
        {
            json = JsonSerializer.Serialize(value, type, options);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new PayloadException($"{Describe(what, name)} of type {type} cannot be written as JSON: {exception.Message}", exception);
        }

        Check(json, what, name);
        return json;
    }

    /// <exception cref="PayloadException">The JSON does not fit the type.</exception>
    public T? Deserialize<T>(string? json) => (T?)Deserialize(json, typeof(T));

    /// <inheritdoc cref="Deserialize{T}"/>
    public object? Deserialize(string? json, Type type)
    {
        if (json is null) return type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null;
        try
        {
            return JsonSerializer.Deserialize(json, type, options);
        }
        // Constructors, setters and converters are code of others, which may throw anything.
        catch (Exception exception)
        {
            throw new PayloadException($"The JSON payload cannot be read as {type}: {exception.Message}", exception);
        }
    }

    private void Check(string json, string what, string? name)
    {
        // No character takes more than three bytes, so most payloads need no count.
        if (json.Length <= maxPayloadBytes / 3) return;
        var bytes = Encoding.UTF8.GetByteCount(json);
        if (bytes <= maxPayloadBytes) return;
        throw new DurableLimitExceededException(
            $"{Describe(what, name)} takes {bytes:N0} bytes as JSON; the limit is {maxPayloadBytes:N0}. Store it elsewhere and pass a reference.");
    }

    /// <summary>In words, for errors alone: this is the hot path of every call.</summary>
    private static string Describe(string what, string? name) => name is null ? what : $"{what} '{name}'";
}
