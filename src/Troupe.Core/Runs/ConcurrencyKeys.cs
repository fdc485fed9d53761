namespace Troupe.Core.Runs;

/// <summary>Keys under which hosts can limit activities.</summary>
public static class ConcurrencyKeys
{
    /// <summary>Model turns: they take long, so that they must not fill the queue in front of the short activities that keep the records.</summary>
    public const string AgentTurns = "agent-turns";
}
