using System.Diagnostics;

namespace Troupe.Acceptance.Http;

/// <summary>For what no long-poll shows.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TargetHost.Patience(TimeSpan.FromSeconds(30));

    /// <summary>Asks every 50 ms until there is something, for at most 30 s; longer on a slower host.</summary>
    public static async Task<T> SomeAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await ask() is { } found)
                return found;
            Assert.True(watch.Elapsed < Patience, $"Nothing came within {Patience.TotalSeconds} s.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <inheritdoc cref="SomeAsync{T}"/>
    public static async Task<JsonElement> ValueAsync(Func<Task<JsonElement?>> ask) =>
        (JsonElement)await SomeAsync(async () => (object?)await ask());
}
