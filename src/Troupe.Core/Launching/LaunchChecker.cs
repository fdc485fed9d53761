using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;

namespace Troupe.Core.Launching;

/// <summary>Looks a workflow launch over without launching it.</summary>
public sealed class LaunchChecker(IRunStore runs, IWorkflowCatalog workflows, PlanCompiler compiler)
{
    private readonly LaunchPlanner _planner = new(workflows, compiler);

    /// <summary>Every problem of the launch; inputs are checked only where some are given. An estimate where there is no problem.</summary>
    public async Task<LaunchCheck> CheckAsync(WorkflowLaunch launch, CancellationToken cancellationToken)
    {
        var planned = await _planner.PlanAsync(launch, cancellationToken, inputsAreOptional: true);
        return await EstimateAsync(planned.Plan, planned.Problems, planned.Options, cancellationToken);
    }

    /// <summary>The same of a definition that has been read, its inputs left out.</summary>
    public async Task<LaunchCheck> CheckAsync(WorkflowDefinition definition, CancellationToken cancellationToken)
    {
        var planned = await _planner.WithoutInputsAsync(definition, new RunOptions(), [], cancellationToken);
        return await EstimateAsync(planned.Plan, planned.Problems, planned.Options, cancellationToken);
    }

    private async Task<LaunchCheck> EstimateAsync(Plan? plan, IReadOnlyList<Problem> problems, RunOptions options, CancellationToken cancellationToken)
    {
        if (plan is null || problems.Count > 0)
            return new LaunchCheck(problems, null);
        var medians = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var agent in plan.Agents.Keys)
        {
            if (await runs.EstimateDurationAsync(agent, cancellationToken) is { } median)
                medians[agent] = median;
        }

        return new LaunchCheck([], PlanEstimate.Of(plan, medians, options));
    }
}

/// <param name="Problems">Pointers are relative to the definition, or begin with <c>/inputs</c>, <c>/options</c> or <c>/workflow</c>.</param>
/// <param name="Estimate">Null where there are problems.</param>
public sealed record LaunchCheck(IReadOnlyList<Problem> Problems, PlanEstimate? Estimate);
