using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Troupe.Core.Records;

namespace Troupe.Agents.Providers.Command;

/// <summary>A started program with its input being written and its errors being read.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private const int ErrorTail = 4096;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly Process process;
    private readonly TimeProvider time;
    private readonly Task writing;
    private readonly Task<string> errors;
    private readonly Task exited;
    private readonly CancellationTokenSource drained = new();

    private RunningProgram(Process process, string input, TimeProvider time)
    {
        this.process = process;
        this.time = time;
        writing = WriteAsync(process, input);
        errors = ReadTailAsync(process.StandardError.BaseStream);
        exited = StopDrainingAfterExitAsync();
    }

    /// <exception cref="ProviderException">It could not be started.</exception>
    public static RunningProgram Start(IReadOnlyList<string> command, string agent, string input, TimeProvider time)
    {
        var start = new ProcessStartInfo(ProgramFile.Find(command[0]) ?? command[0], command.Skip(1))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TROUPE_AGENT"] = agent },
        };
        try
        {
            return new RunningProgram(Process.Start(start)!, input, time);
        }
        catch (Win32Exception e)
        {
            throw new ProviderException(new(FailureKinds.MissingDependencies, $"'{command[0]}' could not be started: {e.Message}"), e);
        }
    }

    /// <summary>The next bytes of its output; 0 at the end.</summary>
    public async Task<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(drained.Token, cancellationToken);
        try
        {
            return await process.StandardOutput.BaseStream.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <summary>Waits for its end; the exit code and the last of what it wrote as errors.</summary>
    public async Task<(int Code, string Errors)> WaitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        await writing.WaitAsync(cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(drained.Token, cancellationToken);
        try
        {
            return (process.ExitCode, await errors.WaitAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (process.ExitCode, "");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, or one of its children has.
        }

        await process.WaitForExitAsync(CancellationToken.None);
        await drained.CancelAsync();
        await exited;
        process.Dispose();
        drained.Dispose();
    }

    // A program left behind in the background can hold the output open for ever: it is not waited for.
    private async Task StopDrainingAfterExitAsync()
    {
        await process.WaitForExitAsync(CancellationToken.None);
        try
        {
            await Task.Delay(DrainTime, time, drained.Token);
            await drained.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // Everything was read.
        }
    }

    private static async Task WriteAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input));
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program need not read its input: its exit code tells whether that was right.
        }
    }

    private static async Task<string> ReadTailAsync(Stream stream)
    {
        var buffer = new byte[2 * ErrorTail];
        var length = 0;
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer.AsMemory(length))) > 0;)
            {
                length += read;
                if (length <= ErrorTail)
                    continue;
                buffer.AsSpan(length - ErrorTail, ErrorTail).CopyTo(buffer);
                length = ErrorTail;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program is gone; what was read until then is what there is.
        }

        return Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }
}
