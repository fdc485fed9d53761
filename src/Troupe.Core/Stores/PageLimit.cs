namespace Troupe.Core.Stores;

public static class PageLimit
{
    private const int Most = 500;

    /// <summary>Pages hold at most 500 items, however many are asked for.</summary>
    public static int Bound(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return Math.Min(limit, Most);
    }
}
