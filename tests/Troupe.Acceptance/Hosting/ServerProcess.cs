using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Troupe.Acceptance.Hosting;

/// <summary>A <c>troupe serve</c> of its own, on a free port of the loopback address.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public int Id => _process.Id;

    public string Log => string.Join('\n', _log);

    /// <summary>Starts the program and returns once it is ready.</summary>
    /// <param name="everywhere">Whether it listens on every address of the machine; <see cref="Address"/> is the loopback one all the same.</param>
    public static async Task<ServerProcess> StartAsync(string data, IReadOnlyDictionary<string, string>? settings = null, bool everywhere = false)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var urls = everywhere ? $"http://0.0.0.0:{address.Port}" : address.ToString();
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { ProgramFiles.Program, "serve", "--data", data, "--urls", urls, "--agents", ProgramFiles.Agents },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var server = new ServerProcess(Process.Start(start)!, address);
        try
        {
            await server.ReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGTERM, and the end in good order.</summary>
    public async Task StopAsync()
    {
        SmallDisk.Run("kill", "-TERM", Id.ToString(CultureInfo.InvariantCulture));
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await _process.WaitForExitAsync(patience.Token);
        Assert.Equal(0, _process.ExitCode);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>The same for where nothing can be awaited: at the end of this process.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task ReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        var watch = Stopwatch.StartNew();
        while (!await IsReadyAsync(client))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The server ended with exit code {_process.ExitCode} before it was ready:\n{Log}");
            if (watch.Elapsed > Patience)
                throw new TimeoutException($"The server was not ready after {Patience.TotalSeconds} s:\n{Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/readyz");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Settings and keys of whoever runs the tests must not reach a server that is to work offline.</summary>
    private static bool IsSetting(string name) =>
        name.StartsWith("TROUPE", StringComparison.OrdinalIgnoreCase) || name.StartsWith("AZURE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("_API_KEY", StringComparison.OrdinalIgnoreCase);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
            _log.Enqueue(line.Data);
    }
}
