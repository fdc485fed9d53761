using System.Globalization;
using Microsoft.Extensions.Configuration;
using Troupe.Agents;
using Troupe.Web.Hosting;

namespace Troupe.Cli.Serving;

/// <summary>
/// Where a server's settings come from; later ones win: <c>appsettings.json</c> in the data folder, the file of <c>--config</c>, the
/// environment (<c>Troupe__Section__Key</c>), the command line. The current folder's files are never read: a cloned repository must not be
/// able to set a provider or a command.
/// </summary>
internal static class ServerConfiguration
{
    public static void Add(ConfigurationManager configuration, ServerSettings settings)
    {
        configuration.Sources.Clear();
        AddFile(configuration, settings.Data.SettingsPath, optional: true);
        if (settings.ConfigFile is { } file)
            AddFile(configuration, file, optional: false);
        configuration.AddEnvironmentVariables();
        configuration.AddInMemoryCollection(
        [
            .. Roots(configuration, $"{AgentsOptions.Section}:Roots", settings.AgentRoots),
            .. Roots(configuration, $"{WorkflowServices.Section}:Folders", settings.WorkflowRoots),
        ]);
    }

    private static void AddFile(ConfigurationManager configuration, string path, bool optional)
    {
        try
        {
            configuration.AddJsonFile(path, optional, reloadOnChange: false);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Invalid, $"{path}: {failure.InnerException?.Message ?? failure.Message}");
        }
    }

    /// <summary>Folders of the command line go before configured ones.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Roots(ConfigurationManager configuration, string key, IReadOnlyList<string> first)
    {
        if (first.Count == 0)
            return [];
        var configured = configuration.GetSection(key).GetChildren().Select(static child => child.Value);
        return first.Concat(configured).Select((root, index) =>
            KeyValuePair.Create($"{key}:{index.ToString(CultureInfo.InvariantCulture)}", root));
    }
}
