namespace Troupe.Web.Hosting;

/// <summary>The HTTP surface, the section <c>Troupe:Web</c> of the configuration.</summary>
public sealed class TroupeWebOptions
{
    public const string Section = "Troupe:Web";

    /// <summary>Host names to answer for beside the loopback ones; <c>*</c> for any. Default none.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Origins such as <c>https://console.example.org</c> whose pages may change things and read event streams. Default none but the server's own.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Where the server is reached from outside, for the URLs in answers. Default: as the request was addressed.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Launches that one client may send at once before it is held to <see cref="LaunchesPerSecond"/>; 1 to 1,000,000. Default 2,000.</summary>
    public int LaunchBurst { get; set; } = 2_000;

    /// <summary>Launches a second that one client may keep up; 1 to 1,000,000. Default 500.</summary>
    public int LaunchesPerSecond { get; set; } = 500;

    /// <summary>Event streams and long polls that one client may hold open; 1 to 100,000. Default 500.</summary>
    public int MaxStreams { get; set; } = 500;

    /// <summary>How often a silent event stream shows that it lives; 1 s to 10 min. Default 15 s.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After this an event stream is closed and the client resumes; 10 s to 1 day. Default none.</summary>
    public TimeSpan? MaxStreamDuration { get; set; }

    /// <summary>A second base path for the durable management API, such as Durable Functions' own <c>/runtime/webhooks/durabletask</c>. Default none.</summary>
    public string? DurableAlias { get; set; }
}
