namespace Troupe.Core.Planning;

/// <summary>How far a node is.</summary>
internal sealed class NodeProgress(PlanNode node, int ordinal, PhaseProgress phase)
{
    public PlanNode Node { get; } = node;

    public int Ordinal { get; } = ordinal;

    public PhaseProgress Phase { get; } = phase;

    public List<NodeProgress> Dependents { get; } = [];

    /// <summary>Needs and phases that are not yet complete.</summary>
    public int Missing { get; set; }

    public bool Started { get; set; }

    public bool Ended { get; set; }

    /// <summary>Its outcome was given at the beginning.</summary>
    public bool Known { get; set; }
}

/// <summary>How far a phase is.</summary>
internal sealed class PhaseProgress(string id, int place)
{
    public string Id { get; } = id;

    public int Place { get; } = place;

    /// <summary>Nodes of it that have not ended.</summary>
    public int Open { get; set; }

    public bool Started { get; set; }

    public bool Failed { get; set; }

    public bool Done { get; set; }

    public List<NodeProgress> Dependents { get; } = [];
}
