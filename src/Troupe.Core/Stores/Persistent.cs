using Troupe.Durable;

namespace Troupe.Core.Stores;

/// <summary>Stores what would cost too much to make again, however long the disk stays full.</summary>
internal static class Persistent
{
    /// <inheritdoc cref="StoreAsync{T}"/>
    public static Task StoreAsync(Func<Task> store, TimeProvider time, CancellationToken cancellationToken) => StoreAsync(
        async () =>
        {
            await store();
            return true;
        },
        time,
        cancellationToken);

    /// <summary>1 s and then every 5 s, until it is stored or given up.</summary>
    public static async Task<T> StoreAsync<T>(Func<Task<T>> store, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var delay = TimeSpan.FromSeconds(1); ; delay = TimeSpan.FromSeconds(5))
        {
            try
            {
                return await store();
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }
}
