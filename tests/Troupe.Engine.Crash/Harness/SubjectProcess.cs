using System.Diagnostics;
using System.Globalization;

namespace Troupe.Engine.Crash.Harness;

/// <summary>One life of the process that is killed.</summary>
internal sealed class SubjectProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _errors;
    private readonly Task _output;

    private SubjectProcess(Process process, int number)
    {
        _process = process;
        Number = number;
        _errors = process.StandardError.ReadToEndAsync();
        _output = ListenAsync();
    }

    /// <summary>1 for the first process of a run.</summary>
    public int Number { get; }

    /// <summary>Where it answers; never completes if it is killed before.</summary>
    public Task<Uri> Ready => _ready.Task;

    public static SubjectProcess Start(string folder, int number)
    {
        var info = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.ArgumentList.Add(typeof(SubjectProcess).Assembly.Location);
        info.ArgumentList.Add("serve");
        info.ArgumentList.Add(folder);
        info.ArgumentList.Add(number.ToString(CultureInfo.InvariantCulture));
        return new SubjectProcess(Process.Start(info)!, number);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Returns what it said of errors, once it is gone.</summary>
    public async Task<string> WaitForEndAsync()
    {
        await _process.WaitForExitAsync();
        await _output;
        return await _errors;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) Kill();
        await WaitForEndAsync();
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is ["ready", var address]) _ready.TrySetResult(new Uri(address));
        }
    }
}
