namespace Troupe.Core.Concurrency;

/// <summary>What may go on at the same time over all runs and all instances of the host: the section <c>Troupe:Concurrency</c> of the configuration.</summary>
public sealed class ConcurrencyOptions
{
    public const string Section = "Troupe:Concurrency";

    /// <summary>
    /// Agents that are asked for a turn, 1 to 10,000; those that wait come in the order of their priority. Default: embedded, three quarters
    /// of the engine's slots for activities; on Azure no limit, and so no priorities.
    /// </summary>
    public int? Agents { get; set; }

    /// <summary>Webhooks on their way to one host and port, 1 to 10,000. Default: embedded 2; on Azure no limit.</summary>
    public int? WebhooksPerReceiver { get; set; }

    /// <summary>The limits that are set, each under its family of <see cref="ConcurrencyKeys"/>.</summary>
    internal IReadOnlyDictionary<string, int> Limits()
    {
        var limits = new Dictionary<string, int>(StringComparer.Ordinal);
        if (Agents is { } agents)
            limits.Add(ConcurrencyKeys.AgentTurns, agents);
        if (WebhooksPerReceiver is { } webhooks)
            limits.Add(ConcurrencyKeys.Webhooks, webhooks);
        return limits;
    }
}
