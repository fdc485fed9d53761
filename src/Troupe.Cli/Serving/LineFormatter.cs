using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Troupe.Cli.Terminal;
using Troupe.Core.Access;

namespace Troupe.Cli.Serving;

/// <summary>One line for each entry: time, level, category, message. Only an exception's stack takes more.</summary>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "troupe";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (IsToldByTheCommand(logEntry.Category, logEntry.EventId))
            return;
        // What a model or a request put into a message must not begin a line of its own.
        var message = Words.Line(Redaction.Redact(logEntry.Formatter(logEntry.State, logEntry.Exception)), 4_000);
        textWriter.WriteLine($"{time.GetUtcNow():HH:mm:ss.fff}Z {Level(logEntry.LogLevel)} {logEntry.Category}: {message}");
        if (logEntry.Exception is { } exception)
            textWriter.WriteLine(Words.Plain(Redaction.Redact(exception.ToString())));
    }

    /// <summary>Why the host did not start is the command's own last line; the host's entry repeats it as a stack.</summary>
    private static bool IsToldByTheCommand(string category, EventId entry) =>
        category == "Microsoft.Extensions.Hosting.Internal.Host" && entry.Name == "HostedServiceStartupFaulted";

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
