namespace Troupe.Acceptance.Hosting;

/// <summary>A fact of the embedded host; skipped, with the reason, where the server at <c>TROUPE_BASE_URL</c> is tested.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EmbeddedFactAttribute : FactAttribute
{
    public EmbeddedFactAttribute(string reason = Reasons.OwnServer) => Skip = Reasons.ToSkip(reason);
}

/// <summary>
/// A fact of a server that sends to this machine's loopback address and knows this suite's Slack; skipped where another server is tested that
/// does not.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConfiguredFactAttribute : FactAttribute
{
    public ConfiguredFactAttribute() => Skip = TargetHost.SlackPort is null ? Reasons.ToSkip(Reasons.NotConfigured) : null;
}

/// <summary>Why a test cannot be of another server than the suite's own.</summary>
internal static class Reasons
{
    public const string OwnServer = "Starts, configures or kills a server of its own.";

    public const string NotConfigured = "Needs TROUPE_SLACK_PORT, where the server looks for Slack, and a server with the settings of SlackServer.";

    public const string Figure = "A figure of the embedded host: Durable Functions bounds the other one, whose figures are in docs/azure.md.";

    public const string PlatformsPath = "On Azure that path is the platform's own.";

    public const string PlatformsHosts = "On Azure the platform answers for hosts that are not the app's.";

    public static string? ToSkip(string reason) => TargetHost.Address is null ? null : reason;
}
