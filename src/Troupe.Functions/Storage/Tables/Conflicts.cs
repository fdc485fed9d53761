namespace Troupe.Functions.Storage.Tables;

/// <summary>Optimistic writes: read, decide, write if nothing changed meanwhile, and begin again where something did.</summary>
internal sealed class Conflicts(TimeProvider time)
{
    private const int MaxAttempts = 12;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    /// <param name="attempt">Gets the number of the attempt, from 1; null says that somebody else was faster.</param>
    /// <exception cref="StoreConflictException">Somebody else was faster every time.</exception>
    public async Task<T> RetryAsync<T>(string what, Func<int, Task<T?>> attempt, CancellationToken cancellationToken)
        where T : class
    {
        T? result = null;
        await RetryAsync(what, async number => (result = await attempt(number)) is not null, cancellationToken);
        return result!;
    }

    /// <param name="attempt">Gets the number of the attempt, from 1; false says that somebody else was faster.</param>
    /// <exception cref="StoreConflictException">Somebody else was faster every time.</exception>
    public async Task RetryAsync(string what, Func<int, Task<bool>> attempt, CancellationToken cancellationToken)
    {
        for (var number = 1; number <= MaxAttempts; number++)
        {
            if (number > 1) await Task.Delay(Delay(number), time, cancellationToken);
            if (await attempt(number)) return;
        }

        throw new StoreConflictException($"'{what}' was changed by others {MaxAttempts} times in a row while it was being written. Try again.");
    }

    /// <summary>The second attempt follows at once; then up to 10, 20, 40 … ms, at random, so that rivals part.</summary>
    private static TimeSpan Delay(int attempt)
    {
        if (attempt == 2) return TimeSpan.Zero;
        var most = TimeSpan.FromMilliseconds(10) * Math.Pow(2, attempt - 3);
        return (most < LongestDelay ? most : LongestDelay) * Random.Shared.NextDouble();
    }
}

/// <summary>A row is written by so many at once that this write never got its turn; nothing was stored.</summary>
internal sealed class StoreConflictException(string message) : IOException(message);
