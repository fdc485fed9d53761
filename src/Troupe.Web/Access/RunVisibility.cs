using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Troupe.Core.Records;
using Troupe.Web.Hosting;

namespace Troupe.Web.Access;

/// <summary>Which runs a caller sees and steers: all, its own, or the one of its token.</summary>
internal sealed class RunVisibility(IRunStore runs, IOptions<TroupeWebOptions> options)
{
    public Sight Of(HttpContext context) => context.Identity() switch
    {
        { OnlyRun: { } run } => new Sight(null, run),
        { } identity when options.Value.ReadersSee == RunsSeen.Own && (identity.Roles & (Roles.Admin | Roles.Approver)) == Roles.None =>
            new Sight(identity.Caller.User, null),
        _ => Sight.All,
    };

    public async Task<bool> SeesAsync(Sight sight, string runId, CancellationToken cancellationToken) => sight switch
    {
        { Run: { } only } => runId == only,
        { User: { } user } => (await runs.GetRunAsync(runId, cancellationToken))?.User == user,
        _ => true,
    };

    /// <summary>Those of a page that the caller sees.</summary>
    public async Task<Page<T>> FilterAsync<T>(HttpContext context, Page<T> page, Func<T, string> runOf) =>
        page with { Items = await FilterAsync(Of(context), page.Items, runOf, context.RequestAborted) };

    public async Task<IReadOnlyList<T>> FilterAsync<T>(Sight sight, IReadOnlyList<T> items, Func<T, string> runOf, CancellationToken cancellationToken)
    {
        if (sight == Sight.All)
            return items;
        var seen = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var run in items.Select(runOf).Distinct(StringComparer.Ordinal))
            seen[run] = await SeesAsync(sight, run, cancellationToken);
        return [.. items.Where(item => seen[runOf(item)])];
    }

    /// <summary>The run that an orchestration instance works for: its children's ids begin with the run's and a colon.</summary>
    public static string RunOfInstance(string instanceId) => instanceId.Split(':')[0];
}

/// <summary>What somebody sees: the runs of a user, or one run; everything where both are null.</summary>
internal sealed record Sight(string? User, string? Run)
{
    public static Sight All { get; } = new(null, null);
}
