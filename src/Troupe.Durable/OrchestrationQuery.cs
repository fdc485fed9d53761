namespace Troupe.Durable;

/// <summary>Which instances to list. Every part that is null matches all.</summary>
public sealed record OrchestrationQuery
{
    public DateTimeOffset? CreatedFrom { get; init; }

    public DateTimeOffset? CreatedTo { get; init; }

    public IReadOnlyCollection<OrchestrationRuntimeStatus>? Statuses { get; init; }

    public string? InstanceIdPrefix { get; init; }

    /// <summary>At most this many a page; 1 to 1,000. A page may hold fewer though more follow. Default 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>From the page before; null for the first.</summary>
    public string? ContinuationToken { get; init; }

    public bool FetchInputsAndOutputs { get; init; }
}

/// <summary>One page of instances.</summary>
/// <param name="Values">The instances, oldest first.</param>
/// <param name="ContinuationToken">Leads to the next page; null on the last.</param>
public sealed record OrchestrationPage(IReadOnlyList<OrchestrationMetadata> Values, string? ContinuationToken);

/// <summary>Which finished instances to purge.</summary>
public sealed record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IReadOnlyCollection<OrchestrationRuntimeStatus>? Statuses = null);
