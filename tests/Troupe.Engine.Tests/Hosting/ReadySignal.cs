using Microsoft.Extensions.Logging;

namespace Troupe.Engine.Tests.Hosting;

/// <summary>Completes with the line that an engine logs when it is ready.</summary>
internal sealed class ReadySignal : ILoggerFactory, ILogger
{
    private const int ReadyEvent = 1;

    private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<string> Line => _line.Task;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == ReadyEvent) _line.TrySetResult(formatter(state, exception));
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // There is nothing to let go of.
    }
}
