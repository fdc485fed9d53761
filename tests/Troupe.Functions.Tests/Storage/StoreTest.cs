using Troupe.Testing;

namespace Troupe.Functions.Tests.Storage;

/// <summary>Two instances of the app on the same tables, and a clock that stands still.</summary>
public abstract class StoreTest : IAsyncLifetime
{
    private protected string Prefix { get; } = AzureStores.NewPrefix();

    private protected ManualTimeProvider Time { get; } = new();

    private protected AzureStores One { get; private set; } = null!;

    private protected AzureStores Other { get; private set; } = null!;

    /// <summary>Real where instances compete: who loses waits for a moment.</summary>
    private protected virtual TimeProvider Clock => Time;

    public Task InitializeAsync()
    {
        One = new AzureStores(Prefix, Clock);
        Other = new AzureStores(Prefix, Clock);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
        await AzureStores.RemoveAsync(Prefix);
    }
}
