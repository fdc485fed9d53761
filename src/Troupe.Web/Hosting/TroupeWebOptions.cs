namespace Troupe.Web.Hosting;

/// <summary>The HTTP surface, the section <c>Troupe:Web</c> of the configuration.</summary>
public sealed class TroupeWebOptions
{
    public const string Section = "Troupe:Web";

    /// <summary>Host names to answer for beside the loopback ones, that of <see cref="PublicUrl"/> and the IP address that the request came in at; <c>*</c> for any. Default none.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Origins such as <c>https://console.example.org</c> whose pages may change things and read event streams. Default none but the server's own.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Whether every request needs a key even while there is none. Default false: keys are needed from the first one made on.</summary>
    public bool RequireKeys { get; set; }

    /// <summary>Whose runs readers and operators see and steer: <c>all</c>, or only their <c>own</c>; approvers and admins see all. Default all.</summary>
    public RunsSeen ReadersSee { get; set; }

    /// <summary>How long the tokens in status URLs open them; 1 min to 30 days. Default 1 day.</summary>
    public TimeSpan StatusTokenLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long a browser stays signed in; 1 min to 30 days. Default 12 h.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

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

public enum RunsSeen
{
    All,
    Own,
}
