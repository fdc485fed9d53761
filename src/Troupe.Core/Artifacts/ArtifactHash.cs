using System.Buffers;

namespace Troupe.Core.Artifacts;

public static class ArtifactHash
{
    private const int Length = 64;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a text is a SHA-256 in lower-case hex. Nothing else is ever made part of a path.</summary>
    public static bool IsWellFormed(string hash) => hash.Length == Length && !hash.AsSpan().ContainsAnyExcept(Digits);
}
