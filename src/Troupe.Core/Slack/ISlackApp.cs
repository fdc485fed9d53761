using System.Text.Json;

namespace Troupe.Core.Slack;

/// <summary>Answers what Slack sends.</summary>
public interface ISlackApp
{
    /// <summary>Whether it is configured; where it is not, its routes are not there.</summary>
    bool IsOn { get; }

    /// <summary>Answers within 3 s; what takes longer is told afterwards.</summary>
    Task<SlackAnswer> AnswerAsync(SlackRequest request, CancellationToken cancellationToken);
}

public enum SlackRequestKind
{
    Command,
    Event,
    Interaction,
}

/// <param name="Body">As it came: it is what was signed.</param>
/// <param name="Timestamp">The header <c>X-Slack-Request-Timestamp</c>.</param>
/// <param name="Signature">The header <c>X-Slack-Signature</c>.</param>
public sealed record SlackRequest(SlackRequestKind Kind, ReadOnlyMemory<byte> Body, string? Timestamp, string? Signature);

/// <param name="Outcome">Anything but <see cref="SlackOutcome.Answered"/> is a refusal.</param>
/// <param name="Body">Null for an empty answer.</param>
public sealed record SlackAnswer(SlackOutcome Outcome, JsonElement? Body = null);

public enum SlackOutcome
{
    Answered,

    /// <summary>The signature is missing, wrong or too old, or was shown before.</summary>
    NotSigned,

    /// <summary>It is signed, but cannot be understood.</summary>
    Malformed,
}
