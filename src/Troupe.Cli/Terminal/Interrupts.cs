using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Troupe.Cli.Terminal;

/// <summary>Ctrl-C and requests to terminate, one after the other.</summary>
internal interface IInterrupts
{
    /// <summary>Completes with the next one.</summary>
    Task NextAsync(CancellationToken cancellationToken);
}

/// <summary>Takes SIGINT and SIGTERM while a command waits for them; at any other time they end the process, as they should.</summary>
internal sealed class ProcessInterrupts : IInterrupts, IDisposable
{
    private readonly Channel<PosixSignal> _signals = Channel.CreateBounded<PosixSignal>(8);
    private readonly PosixSignalRegistration[] _registrations;
    private int _waiting;

    public ProcessInterrupts() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Take),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take),
    ];

    public async Task NextAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _signals.Reader.ReadAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        if (Volatile.Read(ref _waiting) == 0)
            return;
        context.Cancel = true;
        _signals.Writer.TryWrite(context.Signal);
    }
}
