namespace Troupe.Integrations.Slack;

internal enum SlackWorkKind
{
    /// <summary>A slash command, answered by its response_url.</summary>
    Command,

    /// <summary>A mention of the bot, answered in its channel for its writer alone.</summary>
    Mention,

    /// <summary>A button, answered by its response_url.</summary>
    Decision,
}

/// <summary>What somebody in Slack wants, and where the answer goes. It can be done again: what it launches has a key, a decision is made once.</summary>
internal sealed record SlackWork
{
    public required SlackWorkKind Kind { get; init; }

    /// <summary>The member's id in Slack.</summary>
    public required string Member { get; init; }

    public string? Team { get; init; }

    public string Text { get; init; } = "";

    /// <summary>The same where Slack sends the same again.</summary>
    public required string Key { get; init; }

    public string? Gate { get; init; }

    public bool Approves { get; init; }

    public Uri? ResponseUrl { get; init; }

    public string? Channel { get; init; }

    public required DateTimeOffset At { get; init; }
}
