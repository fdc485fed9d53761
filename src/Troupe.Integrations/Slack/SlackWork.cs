using System.Security.Cryptography;
using System.Text;

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

    /// <summary>The round of the delivery that sent the answer; null until then.</summary>
    public int? AnsweredIn { get; init; }

    /// <summary>The id of its row, and of the delivery that does it.</summary>
    public string ToId() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"slack\n{Key}")));

    /// <summary>What it took to answer is forgotten, above all the address.</summary>
    public SlackWork ToAnswered(int round) => this with { AnsweredIn = round, Text = "", Gate = null, Channel = null, ResponseUrl = null };
}
