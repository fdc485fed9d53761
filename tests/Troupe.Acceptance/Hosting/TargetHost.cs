namespace Troupe.Acceptance.Hosting;

/// <summary>
/// What is tested: the embedded host, unless <c>TROUPE_HOST</c> is <c>azure</c>; at <c>TROUPE_BASE_URL</c>, unless there is none.
/// </summary>
internal static class TargetHost
{
    /// <summary>The server to test; null where the suite starts one itself.</summary>
    public static Uri? Address { get; } = Environment.GetEnvironmentVariable("TROUPE_BASE_URL") is { Length: > 0 } address ? new Uri(address) : null;

    /// <summary>
    /// Where the server at <see cref="Address"/> looks for Slack: a port of this machine's loopback address. It has the settings of
    /// <c>SlackServer</c> then. Null where it knows no Slack of this suite.
    /// </summary>
    public static int? SlackPort { get; } = int.TryParse(Environment.GetEnvironmentVariable("TROUPE_SLACK_PORT"), System.Globalization.CultureInfo.InvariantCulture, out var port) ? port : null;

    private static readonly bool IsAzure = Environment.GetEnvironmentVariable("TROUPE_HOST") switch
    {
        null or "" or "embedded" => false,
        "azure" => true,
        var other => throw new InvalidOperationException($"TROUPE_HOST is '{other}'; it can be 'embedded' or 'azure'."),
    };

    /// <summary>
    /// What the platform may add to a time that the product itself keeps: each step of an orchestration is a message in a queue that is
    /// polled up to once a second, and a step takes a dozen requests to storage.
    /// </summary>
    public static TimeSpan PlatformTime { get; } = IsAzure ? TimeSpan.FromSeconds(15) : TimeSpan.Zero;

    /// <summary>An agent that sleeps for longer than the host takes to start ten tasks.</summary>
    public static string SleepingAgent { get; } = IsAzure ? "sleep-5s" : "sleep-1s";

    /// <summary>An agent that sleeps for longer than the host takes to run three others one after the other.</summary>
    public static string SlowAgent { get; } = IsAzure ? "sleep-30s" : "sleep-3s";

    /// <summary>How late an event may reach a reader (A6).</summary>
    public static TimeSpan EventTime { get; } = IsAzure ? TimeSpan.FromSeconds(2) : TimeSpan.FromMilliseconds(250);

    /// <summary>How long to wait for what has no bound of its own before it is given up.</summary>
    public static TimeSpan Patience(TimeSpan embedded) => IsAzure ? 10 * embedded : embedded;
}
