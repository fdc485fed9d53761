using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Troupe.Core.Access;

namespace Troupe.Functions.Hosting;

/// <summary>
/// What is logged outside a function's invocation, as lines for the platform: it drops such entries from the worker's own channel, but
/// takes what the process prints into its log, under the category <c>Host.Function.Console</c>. It tells the level by the stream and by the
/// words on the line: standard output is information, on standard error a line with "warn" is a warning and one with "fail" an error.
/// </summary>
internal sealed class WorkerConsole() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "troupe";

    /// <summary>The longest line, in characters.</summary>
    public const int MaxLength = 8_000;

    /// <summary>The scope that the worker puts around an invocation; what is logged within goes to the platform by itself.</summary>
    private const string InvocationId = "AzureFunctions_InvocationId";

    /// <summary>Prints Troupe's entries from information on, everybody else's from warnings on.</summary>
    public static void Add(ILoggingBuilder logging)
    {
        logging.AddConsole(static console =>
        {
            console.FormatterName = FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Warning;
        });
        logging.AddConsoleFormatter<WorkerConsole, ConsoleFormatterOptions>();
        logging.AddFilter<ConsoleLoggerProvider>(null, LogLevel.Warning);
        logging.AddFilter<ConsoleLoggerProvider>(nameof(Troupe), LogLevel.Information);
    }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (IsWithinInvocation(scopeProvider))
            return;
        var text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.WriteLine(OneLine($"{Level(logEntry.LogLevel)} {logEntry.Category}: {Redaction.Redact($"{text} {logEntry.Exception}")}"));
    }

    private static bool IsWithinInvocation(IExternalScopeProvider? scopes)
    {
        var found = new List<bool>(1);
        scopes?.ForEachScope(
            static (scope, all) =>
            {
                if (scope is IEnumerable<KeyValuePair<string, object>> properties && properties.Any(static property => property.Key == InvocationId))
                    all.Add(true);
            },
            found);
        return found.Count > 0;
    }

    /// <summary>Each line is an entry of its own to the platform, so that neither a stack nor a model's words may begin one.</summary>
    private static string OneLine(string text)
    {
        var line = string.Concat(text.Select(static character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character)).TrimEnd();
        return line.Length <= MaxLength ? line : string.Concat(line.AsSpan(0, MaxLength - 1), "…");
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "fail critical",
    };
}
