using Microsoft.Extensions.Configuration;

namespace Troupe.Functions.Hosting;

/// <summary>What the platform says of itself in the environment.</summary>
internal static class AppService
{
    public const string AuthenticationVariable = "WEBSITE_AUTH_ENABLED";

    public const string EnvironmentVariable = "AZURE_FUNCTIONS_ENVIRONMENT";

    /// <summary>The client id of the user-assigned identity that the app acts as.</summary>
    public const string IdentityVariable = "AZURE_CLIENT_ID";

    private const string HostNameVariable = "WEBSITE_HOSTNAME";

    /// <summary>At least one of these is set wherever the app runs in Azure.</summary>
    private static readonly string[] OnlyInAzure = ["WEBSITE_INSTANCE_ID", "WEBSITE_OWNER_NAME", "WEBSITE_POD_NAME", "LEGION_SERVICE_HOST"];

    /// <summary>Whether the platform checks every request, and removes the headers of its own that a caller forged.</summary>
    public static bool Authenticates(IConfiguration configuration) =>
        string.Equals(configuration[AuthenticationVariable], "True", StringComparison.OrdinalIgnoreCase);

    public static bool IsDevelopersMachine(IConfiguration configuration) =>
        string.Equals(configuration[EnvironmentVariable], "Development", StringComparison.OrdinalIgnoreCase)
        && OnlyInAzure.All(name => string.IsNullOrEmpty(configuration[name]));

    /// <summary>The app's own name on the network; null on a developer's machine, where it is reached as localhost.</summary>
    public static string? HostName(IConfiguration configuration) =>
        IsDevelopersMachine(configuration) || string.IsNullOrWhiteSpace(configuration[HostNameVariable]) ? null : configuration[HostNameVariable];
}
