using System.Diagnostics;

namespace Troupe.Acceptance.Hosting;

/// <summary>One command of the program, run to its end.</summary>
internal sealed record ProgramRun(int ExitCode, string Out, string Error)
{
    public static async Task<ProgramRun> OfAsync(params IReadOnlyList<string> args)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var arg in args.Prepend(ProgramFiles.Program))
            start.ArgumentList.Add(arg);
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("TROUPE", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new ProgramRun(process.ExitCode, await output, await error);
    }
}
