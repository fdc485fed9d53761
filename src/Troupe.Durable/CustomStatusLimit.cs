namespace Troupe.Durable;

/// <summary>How large a custom status may be. Durable Functions fails an orchestration that sets a larger one, so both engines refuse it before.</summary>
public static class CustomStatusLimit
{
    /// <summary>16 KB, as UTF-16 (two bytes a character of the JSON).</summary>
    public const int MaxBytes = 16 * 1024;

    /// <exception cref="ArgumentException">The JSON is larger.</exception>
    public static void Check(string? json)
    {
        if (json is not null && json.Length * sizeof(char) > MaxBytes)
        {
            throw new ArgumentException(
                $"The custom status takes {json.Length * sizeof(char):N0} bytes of UTF-16; the limit is {MaxBytes:N0}.", nameof(json));
        }
    }
}
