using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Troupe.Client;

namespace Troupe.Product.Bench;

/// <summary>A real <c>troupe serve</c> on a fresh data folder, ended with the bench.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _data;

    private Server(Process process, DirectoryInfo data, Uri url)
    {
        _process = process;
        _data = data;
        Address = url;
        Client = TroupeClient.Connect(url);
    }

    public Uri Address { get; }

    public TroupeClient Client { get; }

    /// <summary>Processor time that the server has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public double MemoryMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    public static async Task<Server> StartAsync(params (string Name, string Value)[] settings)
    {
        var data = Directory.CreateTempSubdirectory("troupe-bench-");
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "troupe.dll"), "serve", "--data", data.FullName, "--urls", url.ToString(),
            "--agents", Path.Combine(AppContext.BaseDirectory, "bench-agents"),
        ];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["Troupe__Web__LaunchBurst"] = "1000000", ["Troupe__Web__LaunchesPerSecond"] = "1000000" },
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new Server(process, data, url);
        for (var i = 0; i < 200 && !await server.IsReadyAsync(); i++)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _data.Delete(recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return await Client.IsReadyAsync();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
