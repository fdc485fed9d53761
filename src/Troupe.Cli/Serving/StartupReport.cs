using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Sqlite;
using Troupe.Web.Hosting;

namespace Troupe.Cli.Serving;

/// <summary>What a server says of itself when it has started.</summary>
internal static partial class StartupReport
{
    public static async Task WriteAsync(
        WebApplication app, ServerSettings settings, Uri address, TimeSpan startup, CancellationToken cancellationToken)
    {
        var (agents, workflows) = (app.Services.GetRequiredService<IAgentCatalog>(), app.Services.GetRequiredService<IWorkflowCatalog>());
        var (agentCount, workflowCount) = ((await agents.ListAsync(cancellationToken)).Count, (await workflows.ListAsync(cancellationToken)).Count);
        var logger = Logger(app);
        foreach (var problem in workflows.Problems)
            BrokenFile(logger, problem);
        if (!ListenAddress.IsLoopback(address) && app.Services.GetRequiredService<IOptions<TroupeWebOptions>>().Value is { AllowedHosts.Count: 0, PublicUrl: null })
            AnswersToAddressesOnly(logger, TroupeWebOptions.Section);
        Started(logger, VersionAction.Version, address, settings.Data.Path, SqliteDatabase.LibraryDescription, agentCount, workflowCount, (long)startup.TotalMilliseconds);
    }

    private static ILogger Logger(WebApplication app) => app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Troupe");

    [LoggerMessage(LogLevel.Information, "Troupe {Version} listens on {Address}, data in {Data}, SQLite {Sqlite}, {Agents} agents, {Workflows} workflows, started in {Startup} ms")]
    private static partial void Started(ILogger logger, string version, Uri address, string data, string sqlite, int agents, int workflows, long startup);

    [LoggerMessage(LogLevel.Information, "Answers under IP addresses only; to be reached by a name, set {Section}:PublicUrl or {Section}:AllowedHosts")]
    private static partial void AnswersToAddressesOnly(ILogger logger, string section);

    [LoggerMessage(LogLevel.Warning, "Not loaded: {Problem}")]
    private static partial void BrokenFile(ILogger logger, Problem problem);
}
