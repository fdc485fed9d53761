using Microsoft.AspNetCore.Builder;

namespace Troupe.Web.Access;

/// <summary>What a route shows of runs, so that the run gate knows whose run it is asked for.</summary>
internal enum RunScope
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Many, of which the handler leaves out what the caller may not see.</summary>
    Many,

    /// <summary>The run of that id.</summary>
    Run,

    /// <summary>The run of the task of that id.</summary>
    Task,

    /// <summary>The run of the orchestration instance of that id.</summary>
    Instance,

    /// <summary>The run of the webhook delivery of that id.</summary>
    Delivery,
}

internal sealed record ShowsRuns(RunScope Scope);

internal static class RunScopeExtensions
{
    /// <summary>States what the endpoint shows of runs. Every one that a reader or an operator may call must.</summary>
    public static TBuilder Shows<TBuilder>(this TBuilder endpoint, RunScope scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ShowsRuns(scope));
}
