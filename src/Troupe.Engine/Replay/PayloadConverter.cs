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
    public string? Serialize(object? value, string what) => Serialize(value, typeof(object), what);

    /// <inheritdoc cref="Serialize(object?, string)"/>
    public string? Serialize(object? value, Type declared, string what)
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
            throw new PayloadException($"{what} of type {type} cannot be written as JSON: {exception.Message}", exception);
        }

        Check(json, what);
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

    private void Check(string json, string what)
    {
        // No character takes more than three bytes, so most payloads need no count.
        if (json.Length <= maxPayloadBytes / 3) return;
        var bytes = Encoding.UTF8.GetByteCount(json);
        if (bytes <= maxPayloadBytes) return;
        throw new DurableLimitExceededException(
            $"{what} takes {bytes:N0} bytes as JSON; the limit is {maxPayloadBytes:N0}. Store it elsewhere and pass a reference.");
    }
}
