namespace Troupe.Acceptance.Hosting;

/// <summary>What every test against the shared server has at hand.</summary>
public abstract class AcceptanceTest : IAsyncLifetime
{
    private protected Api Api { get; private set; } = null!;

    public async Task InitializeAsync() => Api = await SharedServer.Api;

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>A name that no other test uses.</summary>
    private protected static string Unique(string prefix) => $"{prefix}-{Guid.NewGuid():n}"[..(prefix.Length + 13)];
}
