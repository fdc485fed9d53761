using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Troupe.Cli.Serving;

/// <summary>Logs on standard error, one line each; the framework's own categories only from warnings on. The section <c>Logging</c> changes it.</summary>
internal static class ServerLogging
{
    public static void Add(ILoggingBuilder logging, IConfiguration configuration, bool announce)
    {
        logging.SetMinimumLevel(announce ? LogLevel.Information : LogLevel.Warning);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddFilter("Troupe.Storage", LogLevel.Warning);
        logging.AddFilter("Troupe.Engine.Store", LogLevel.Warning);
        logging.AddFilter("Troupe.Agents.Catalog", LogLevel.Warning);
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddConsole(static console =>
        {
            console.FormatterName = LineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
    }
}
