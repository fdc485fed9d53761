using Troupe.Durable;

namespace Troupe.Functions.Storage.Tables;

/// <summary>
/// Optimistic writes: read, decide, write if nothing changed meanwhile, and begin again where something did. A row that so many change at
/// once that a write never gets its turn counts as a store that is not available: the caller is told to try again, an activity does so.
/// </summary>
internal sealed class Conflicts(TimeProvider time)
{
    /// <summary>
    /// The attempt after which a write may make its rivals read again (<see cref="RecordTable.TouchAsync"/>). Just once: if each loser did so each time, nobody would win.
    /// </summary>
    public const int Impatient = 3;

    /// <summary>They take some ten seconds.</summary>
    private const int MaxAttempts = 30;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    /// <param name="attempt">Gets the number of the attempt, from 1; null says that somebody else was faster.</param>
    /// <exception cref="StoreUnavailableException">Somebody else was faster every time.</exception>
    public async Task<T> RetryAsync<T>(string what, Func<int, Task<T?>> attempt, CancellationToken cancellationToken)
        where T : class
    {
        T? result = null;
        await RetryAsync(what, async number => (result = await attempt(number)) is not null, cancellationToken);
        return result!;
    }

    /// <param name="attempt">Gets the number of the attempt, from 1; false says that somebody else was faster.</param>
    /// <exception cref="StoreUnavailableException">Somebody else was faster every time.</exception>
    public async Task RetryAsync(string what, Func<int, Task<bool>> attempt, CancellationToken cancellationToken)
    {
        for (var number = 1; number <= MaxAttempts; number++)
        {
            if (number > 1) await Task.Delay(Delay(number), time, cancellationToken);
            if (await attempt(number)) return;
        }

        throw new StoreUnavailableException($"'{what}' was changed by others {MaxAttempts} times in a row while it was being written, and nothing was stored. Try again.");
    }

    /// <summary>The second attempt follows at once; then up to 10, 20, 40 … ms, at random, so that rivals part.</summary>
    private static TimeSpan Delay(int attempt)
    {
        if (attempt == 2) return TimeSpan.Zero;
        var most = TimeSpan.FromMilliseconds(10) * Math.Pow(2, attempt - 3);
        return (most < LongestDelay ? most : LongestDelay) * Random.Shared.NextDouble();
    }
}
