namespace Troupe.Integrations.Slack;

/// <summary>Slack: the section <c>Troupe:Slack</c> of the configuration. Secrets only from environment variables or a secret store.</summary>
public sealed class SlackOptions
{
    public const string Section = "Troupe:Slack";

    /// <summary>The app's signing secret. Default none: the routes under <c>/slack</c> answer 404.</summary>
    public string? SigningSecret { get; set; }

    /// <summary>The bot's token, <c>xoxb-…</c>, to write to people. Default none.</summary>
    public string? BotToken { get; set; }

    /// <summary>An incoming webhook of one channel, for users who cannot be written to. Default none.</summary>
    public Uri? IncomingWebhookUrl { get; set; }

    /// <summary>Slack's Web API. Default <c>https://slack.com/api/</c>.</summary>
    public Uri ApiUrl { get; set; } = new("https://slack.com/api/");

    /// <summary>What the addresses begin with that late answers may go to. Default <c>https://hooks.slack.com/</c>.</summary>
    public Uri ResponseUrl { get; set; } = new("https://hooks.slack.com/");

    /// <summary>The only workspace that may call; any that has the signing secret where null.</summary>
    public string? TeamId { get; set; }

    /// <summary>Who people of Slack are here, by Slack's member ids (<c>U…</c>). Whoever is not listed may do nothing.</summary>
    public Dictionary<string, SlackUser> Users { get; } = new(StringComparer.Ordinal);
}

/// <summary>A person of Slack.</summary>
public sealed class SlackUser
{
    /// <summary>The name here, as the owners of keys have.</summary>
    public string User { get; set; } = "";

    /// <summary>Of <c>reader</c>, <c>operator</c>, <c>approver</c>, <c>admin</c>. Default none.</summary>
    public IList<string> Roles { get; } = [];

    /// <summary>Default none.</summary>
    public IList<string> Groups { get; } = [];
}
