using System.Diagnostics;
using System.Globalization;

namespace Troupe.Product.Bench.Webhooks;

/// <summary>This program once more, as the systems that take webhooks.</summary>
internal sealed class ReceiverProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ReceiverProcess(Process process, IReadOnlyList<Uri> addresses)
    {
        _process = process;
        Addresses = addresses;
    }

    /// <summary>The live ones first.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    public static async Task<ReceiverProcess> StartAsync(int live, int dead)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Troupe.Product.Bench.dll"), "receive", $"{live}", $"{dead}"];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var ports = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The receiver ended before it listened.");
        return new ReceiverProcess(process, [.. ports.Split(' ').Select(static port => new Uri($"http://127.0.0.1:{port}/hook"))]);
    }

    public Task ResetAsync() => AskAsync("reset");

    public async Task<Received> ReportAsync()
    {
        var words = (await AskAsync("report")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new Received(
            int.Parse(words[0], CultureInfo.InvariantCulture),
            int.Parse(words[1], CultureInfo.InvariantCulture),
            [.. words.Skip(2).Select(static late => double.Parse(late, CultureInfo.InvariantCulture)).Order()]);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The receiver ended.");
    }
}

/// <param name="Taken">Messages that live receivers took, each counted once.</param>
/// <param name="Wasted">Attempts that reached dead ones.</param>
/// <param name="Late">Milliseconds from the event to its arrival, rising.</param>
internal sealed record Received(int Taken, int Wasted, IReadOnlyList<double> Late);
