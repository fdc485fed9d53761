using System.Diagnostics;
using System.Globalization;

namespace Troupe.Bench;

/// <summary>Measures what only a fresh process shows: how long it takes from its start to its first finished run, and its memory.</summary>
internal static class ChildProcess
{
    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        using var folder = new TemporaryFolder();
        return await MeasureRestartAsync(folder.Path);
    }

    public static async Task<IReadOnlyList<Figure>> MeasureRestartAsync(string folder)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        info.ArgumentList.Add("child");
        info.ArgumentList.Add(folder);
        var start = Stopwatch.GetTimestamp();
        using var child = Process.Start(info)!;
        await child.StandardOutput.ReadLineAsync();
        var ready = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await child.StandardOutput.ReadLineAsync();
        var firstRun = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var memory = double.Parse((await child.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        await child.WaitForExitAsync();
        return [new Figure("ready after", ready, "s"), new Figure("first run finished after", firstRun, "s"), new Figure("memory", memory, "MiB")];
    }

    public static async Task<int> RunAsync(string folder)
    {
        await using var engine = await BenchEngine.StartAsync(folder);
        await Console.Out.WriteLineAsync("ready");
        await engine.RunAsync("One", 1);
        await Console.Out.WriteLineAsync("done");
        using var self = Process.GetCurrentProcess();
        await Console.Out.WriteLineAsync((self.WorkingSet64 / 1048576.0).ToString(CultureInfo.InvariantCulture));
        return 0;
    }
}
