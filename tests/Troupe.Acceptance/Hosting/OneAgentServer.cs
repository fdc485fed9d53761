namespace Troupe.Acceptance.Hosting;

/// <summary>
/// A server on which one agent works at a time: one of its own, or the one at <c>TROUPE_BASE_URL</c> where
/// <c>TROUPE_TARGET_AGENTS</c> says that it was started so.
/// </summary>
internal sealed class OneAgentServer : IAsyncDisposable
{
    public const string Setting = "Troupe__Concurrency__Agents";
    private readonly TemporaryFolder? _data;
    private readonly ServerProcess? _server;

    private OneAgentServer(Api api, TemporaryFolder? data, ServerProcess? server) => (Api, _data, _server) = (api, data, server);

    public Api Api { get; }

    public static async Task<OneAgentServer> StartAsync()
    {
        if (TargetHost.Address is { } address)
            return new OneAgentServer(new Api(address), null, null);
        var data = new TemporaryFolder();
        var server = await ServerProcess.StartAsync(data.Path, new Dictionary<string, string>(StringComparer.Ordinal) { [Setting] = "1" });
        return new OneAgentServer(new Api(server.Address), data, server);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _data?.Dispose();
    }
}

/// <summary>A fact of a <see cref="OneAgentServer"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneAgentFactAttribute : FactAttribute
{
    public OneAgentFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("TROUPE_TARGET_AGENTS") != "1")
            Skip = Reasons.ToSkip($"The server at TROUPE_BASE_URL is not said to have {OneAgentServer.Setting}=1 (TROUPE_TARGET_AGENTS=1).");
    }
}
