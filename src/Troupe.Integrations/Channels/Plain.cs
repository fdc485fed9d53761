namespace Troupe.Integrations.Channels;

/// <summary>Untrusted text without what ends a line, a header or a log entry.</summary>
internal static class Plain
{
    /// <summary>On one line: control characters become spaces.</summary>
    public static string Line(string text) => string.Concat(text.Select(static character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character)).Trim();
}
