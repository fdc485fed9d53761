namespace Troupe.Acceptance.Hosting;

/// <summary>A server on data of its own, killed and started again as a test wants it.</summary>
/// <param name="settings">As environment variables.</param>
internal sealed class OwnServer(IReadOnlyDictionary<string, string>? settings = null) : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private ServerProcess? _process;

    public string Data => _data.Path;

    /// <summary>Read at each start.</summary>
    public Dictionary<string, string> Settings { get; } = new(settings ?? new Dictionary<string, string>(), StringComparer.Ordinal);

    /// <summary>A client of it without a key; another one after each start.</summary>
    public Api Api { get; private set; } = null!;

    /// <summary>What it has said since its last start.</summary>
    public string Log => _process!.Log;

    public async Task StartAsync()
    {
        _process = await ServerProcess.StartAsync(Data, Settings);
        Api = new Api(_process.Address);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    /// <summary>SIGKILL, and a new start on the same data.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _data.Dispose();
    }
}
