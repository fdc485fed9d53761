namespace Troupe.Cli.Serving;

/// <summary>How an embedded server is started.</summary>
internal sealed record ServerSettings
{
    public required DataFolder Data { get; init; }

    /// <summary>Port 0 takes a free one. Beyond loopback every request needs a key.</summary>
    public required Uri Url { get; init; }

    /// <summary>Folders of agents that go before the built-in ones; absolute.</summary>
    public IReadOnlyList<string> AgentRoots { get; init; } = [];

    /// <summary>Folders of workflows that go before the built-in ones; absolute.</summary>
    public IReadOnlyList<string> WorkflowRoots { get; init; } = [];

    /// <summary>A further settings file; it wins over the data folder's.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Whether it is told to find anything that another server on the data folder might not.</summary>
    public bool IsCustomized => AgentRoots.Count > 0 || WorkflowRoots.Count > 0 || ConfigFile is not null;

    /// <summary>Whether the server says at start-up what it found; warnings are always shown.</summary>
    public bool Announce { get; init; }
}
