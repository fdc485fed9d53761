using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Troupe.Cli.Tests.Serving;

/// <summary>The program as a process of its own: streams, signals, exit codes.</summary>
public sealed class ProcessTests
{
    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Serve_Terminated_StopsInGoodOrder()
    {
        using var cli = new Cli();
        using var process = Start(cli, "serve", "--urls", "http://127.0.0.1:0");
        var log = new List<string>();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            log.Add(line);
            if (line.Contains("listens on", StringComparison.Ordinal))
                await TerminateAsync(process);
        }

        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        Assert.Contains(log, static line => line.Contains("Troupe: The configuration key 'Troupe:Wbe' is unknown and has no effect", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains($"data in {cli.Data.Path}", StringComparison.Ordinal) && line.Contains("SQLite", StringComparison.Ordinal));
        Assert.Contains("Stopping", log[^1], StringComparison.Ordinal);
        Assert.Empty(await process.StandardOutput.ReadToEndAsync());
        Assert.False(File.Exists(cli.Data.DescriptorPath));
    }

    [Fact]
    public async Task Run_AsAProcess_PrintsOnlyTheResultOnStandardOutput()
    {
        using var cli = new Cli();
        using var process = Start(cli, "run", "echo", "--prompt", "-", "--agents", Repository.Agents);
        await process.StandardInput.WriteAsync("piped");
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();

        Assert.Equal("piped", (await process.StandardOutput.ReadToEndAsync()).Trim());
        Assert.Contains("completed in", await error, StringComparison.Ordinal);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData(true, "is taken by another program")]
    [InlineData(false, "is in use by")]
    public async Task Serve_CannotStart_SaysWhyWithoutAStack(bool otherFolder, string complaint)
    {
        using var cli = new Cli();
        using var other = new Cli();
        await using var server = await cli.StartServerAsync();
        var address = otherFolder ? server.Address.ToString() : "http://127.0.0.1:0";
        using var process = Start(otherFolder ? other : cli, "serve", "--urls", address);

        var told = (await process.StandardError.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();

        Assert.Equal(ExitCodes.Unreachable, process.ExitCode);
        Assert.Contains(complaint, told[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(told, static line => line.StartsWith(' ') || line.Contains(" fail ", StringComparison.Ordinal) || line.Contains(" crit ", StringComparison.Ordinal));
    }

    private static Process Start(Cli cli, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = cli.Folder,
            Environment = { ["TROUPE_DATA"] = cli.Data.Path, ["Troupe__Wbe__Key"] = "x" },
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "troupe.dll"));
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        return Process.Start(start)!;
    }

    /// <summary>Asks a process to end, as a service manager does.</summary>
    private static async Task TerminateAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
