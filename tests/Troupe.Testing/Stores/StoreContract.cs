using System.Text.Json;
using Troupe.Core.Json;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary>What every suite of the store contracts begins with: fresh, empty stores and a clock that stands still.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    protected ManualTimeProvider Time { get; } = new();

    protected StoreSet Stores { get; private set; } = null!;

    /// <summary>Opens empty stores that read the time from the clock given.</summary>
    protected abstract Task<StoreSet> OpenAsync(TimeProvider time);

    public async Task InitializeAsync() => Stores = await OpenAsync(Time);

    public async Task DisposeAsync()
    {
        if (Stores.Owner is { } owner) await owner.DisposeAsync();
    }

    /// <summary>Asserts that two records have the same content; records that hold lists are never equal by themselves.</summary>
    protected static void AssertSame<T>(T expected, T actual) =>
        Assert.Equal(JsonSerializer.Serialize(expected, TroupeJson.Options), JsonSerializer.Serialize(actual, TroupeJson.Options));
}
