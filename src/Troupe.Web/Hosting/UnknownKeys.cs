using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Troupe.Core.Hosting;

namespace Troupe.Web.Hosting;

/// <summary>Warns of what stands in the configuration and has no effect.</summary>
public static partial class UnknownKeys
{
    private const string Root = "Troupe";

    /// <summary>Logs each key below <c>Troupe</c> that no <see cref="OptionsSection"/> has. Call it before the host starts: a misspelt key can be why it does not.</summary>
    public static void Warn(IServiceProvider services)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(Root);
        var sections = services.GetServices<OptionsSection>().ToList();
        foreach (var key in KnownKeys.Unknown(services.GetRequiredService<IConfiguration>(), Root, sections))
            LogUnknown(logger, key);
    }

    [LoggerMessage(LogLevel.Warning, "The configuration key '{Key}' is unknown and has no effect")]
    private static partial void LogUnknown(ILogger logger, string key);
}
