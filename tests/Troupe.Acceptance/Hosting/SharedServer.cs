namespace Troupe.Acceptance.Hosting;

/// <summary>The server that all tests share: the one at <c>TROUPE_BASE_URL</c>, or else one started for this test run.</summary>
internal static class SharedServer
{
    private static readonly Lazy<Task<Api>> Shared = new(ConnectAsync);

    /// <summary>A client of it, once it is ready.</summary>
    public static Task<Api> Api => Shared.Value;

    private static async Task<Api> ConnectAsync()
    {
        if (TargetHost.Address is { } address)
            return new Api(address);
        var data = new TemporaryFolder();
        var server = await ServerProcess.StartAsync(data.Path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server.Kill();
            data.Dispose();
        };
        return new Api(server.Address);
    }
}
