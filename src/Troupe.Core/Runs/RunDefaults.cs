namespace Troupe.Core.Runs;

/// <summary>What options that nobody set mean.</summary>
public static class RunDefaults
{
    public const int MaxConcurrency = 10;

    public const int MaxRetries = 3;

    /// <summary>Model turns of one attempt.</summary>
    public const int MaxTurns = 12;

    /// <summary>The distance of the ordinals of two nodes; the items of a <c>for_each</c> lie between.</summary>
    public const int OrdinalStep = 20_000;

    /// <summary>Of one attempt: 30 minutes.</summary>
    public static readonly TimeSpan TaskTimeout = TimeSpan.FromMinutes(30);
}
