namespace Troupe.Web.Health;

/// <summary>What the host knows of its own start-up. Without one, a server is ready as soon as its stores answer.</summary>
public interface IReadiness
{
    /// <summary>What has yet to be done before the server is ready, in a sentence for operators; null once it is.</summary>
    string? Pending { get; }
}

internal sealed class ReadyAtOnce : IReadiness
{
    public string? Pending => null;
}
