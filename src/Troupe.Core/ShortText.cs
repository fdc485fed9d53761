namespace Troupe.Core;

/// <summary>Texts in a length fit for a title, an event or a message.</summary>
public static class ShortText
{
    /// <summary>At most so many characters; where something is cut, the last one is an ellipsis. Nothing that takes two is cut in half.</summary>
    /// <param name="length">At least 1.</param>
    public static string Shorten(this string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (text.Length <= length)
            return text;
        var end = length > 1 && char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
