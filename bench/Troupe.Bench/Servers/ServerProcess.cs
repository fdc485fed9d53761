using System.Diagnostics;

namespace Troupe.Bench.Servers;

/// <summary>A <see cref="BenchServer"/> in a process of its own, seen from outside.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const double BytesPerMiB = 1 << 20;

    private readonly Process _process;
    private readonly long _started;

    private ServerProcess(Process process, long started)
    {
        _process = process;
        _started = started;
    }

    public HttpClient Http { get; private set; } = null!;

    /// <summary>Seconds since the process was asked for.</summary>
    public double Age => Stopwatch.GetElapsedTime(_started).TotalSeconds;

    public double MemoryMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / BytesPerMiB;
        }
    }

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it and returns once it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(string folder)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath!, ["server", folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var started = Stopwatch.GetTimestamp();
        var server = new ServerProcess(Process.Start(info)!, started);
        var address = await server._process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The server ended before it was ready.");
        server.Http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(2) };
        return server;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Http.Dispose();
    }
}
