namespace Troupe.Functions.Storage.Tables;

/// <summary>Several requests at once, but not any number.</summary>
internal static class Concurrently
{
    private const int AtOnce = 16;

    /// <summary>The results in the order of the items.</summary>
    public static async Task<List<TResult>> SelectAsync<T, TResult>(IEnumerable<T> items, Func<T, Task<TResult>> select)
    {
        var results = new List<TResult>();
        foreach (var chunk in items.Chunk(AtOnce)) results.AddRange(await Task.WhenAll(chunk.Select(select)));
        return results;
    }

    public static async Task ForEachAsync<T>(IEnumerable<T> items, Func<T, Task> action)
    {
        foreach (var chunk in items.Chunk(AtOnce)) await Task.WhenAll(chunk.Select(action));
    }
}
