using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Troupe.Functions.Hosting;

namespace Troupe.Functions.Tests.Hosting;

public sealed class WorkerConsoleTests
{
    [Theory]
    [InlineData(LogLevel.Information, "info Troupe.X: It happened")]
    [InlineData(LogLevel.Warning, "warn Troupe.X: It happened")]
    [InlineData(LogLevel.Error, "fail Troupe.X: It happened")]
    [InlineData(LogLevel.Critical, "fail critical Troupe.X: It happened")]
    public void Write_OutsideAnInvocation_IsALineWithTheLevelsWord(LogLevel level, string line) =>
        Assert.Equal(line + Environment.NewLine, Written(level, "It happened"));

    [Fact]
    public void Write_MessageAndExceptionOfManyLines_AreOneLine()
    {
        var written = Written(LogLevel.Error, "First\nfail Forged: second\u2028third", new InvalidOperationException("a\r\nb"));

        Assert.StartsWith("fail Troupe.X: First fail Forged: second third System.InvalidOperationException: a  b", written, StringComparison.Ordinal);
        Assert.Single(written.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Write_Secrets_AreTakenOut()
    {
        var written = Written(LogLevel.Warning, "trp_abc_secret", new InvalidOperationException("GET /x?token=hidden"));

        Assert.DoesNotContain("secret", written, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LongText_IsCut() =>
        Assert.Equal(WorkerConsole.MaxLength + Environment.NewLine.Length, Written(LogLevel.Error, new string('x', 20_000)).Length);

    [Fact]
    public void Write_WithinAnInvocation_IsLeftToTheWorkersChannel()
    {
        var scopes = new LoggerExternalScopeProvider();
        using (scopes.Push(new Dictionary<string, object>(StringComparer.Ordinal) { ["AzureFunctions_InvocationId"] = "1" }))
        using (scopes.Push("another"))
            Assert.Empty(Written(LogLevel.Error, "It happened", scopes: scopes));

        using (scopes.Push(new Dictionary<string, object>(StringComparer.Ordinal) { ["RequestId"] = "1" }))
            Assert.NotEmpty(Written(LogLevel.Error, "It happened", scopes: scopes));
    }

    [Fact]
    public void Add_Logging_PrintsTroupesInformationAndEveryonesWarnings()
    {
        using var services = new ServiceCollection().AddLogging(WorkerConsole.Add).BuildServiceProvider();
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var console = services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value;

        Assert.IsType<ConsoleLoggerProvider>(services.GetServices<ILoggerProvider>().Single());
        Assert.Contains(services.GetServices<ConsoleFormatter>(), formatter => formatter is WorkerConsole && formatter.Name == console.FormatterName);
        Assert.Equal(LogLevel.Warning, console.LogToStandardErrorThreshold);
        Assert.Equal((true, false), Enabled("Troupe.Core.Following.EventFollowerService", LogLevel.Information, LogLevel.Debug));
        Assert.Equal((true, false), Enabled("Microsoft.Hosting.Lifetime", LogLevel.Warning, LogLevel.Information));

        (bool, bool) Enabled(string category, LogLevel one, LogLevel other)
        {
            var logger = loggers.CreateLogger(category);
            return (logger.IsEnabled(one), logger.IsEnabled(other));
        }
    }

    private static string Written(LogLevel level, string text, Exception? exception = null, IExternalScopeProvider? scopes = null)
    {
        using var writer = new StringWriter();
        new WorkerConsole().Write(new LogEntry<string>(level, "Troupe.X", default, text, exception, static (state, _) => state), scopes, writer);
        return writer.ToString();
    }
}
