using Microsoft.AspNetCore.Http;
using Troupe.Core.Launching;

namespace Troupe.Web.Access;

/// <summary>Says who sent a request.</summary>
public interface ICallerAccessor
{
    /// <summary>The caller, or null where the request proves none.</summary>
    ValueTask<Identity?> IdentifyAsync(HttpContext context);
}

/// <summary>A caller and what it may do.</summary>
public sealed record Identity(Caller Caller, Roles Roles)
{
    /// <summary>The one run that it may read; null for no such bound.</summary>
    public string? OnlyRun { get; init; }

    /// <summary>When what proves it expires by itself; null for never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Looks at the proof once more, for what goes on after the request was let in; null where it opens nothing any more. Null where nothing is to be looked at.</summary>
    internal Func<CancellationToken, ValueTask<Identity?>>? AgainAsync { get; init; }

    /// <summary>Whether another look found the same caller with the same rights.</summary>
    internal bool IsStill(Identity? again) => again is not null && again.Caller.User == Caller.User && again.Roles == Roles && again.OnlyRun == OnlyRun;
}
