namespace Troupe.Core.Definitions.Reading;

internal static class SourceLimits
{
    /// <summary>UTF-8 bytes of one definition: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    public const int MaxDepth = 64;

    public static void CheckDepth(int depth, Mark? mark)
    {
        if (depth > MaxDepth)
            throw new SourceException($"The text is nested deeper than {MaxDepth} levels.", mark);
    }
}
