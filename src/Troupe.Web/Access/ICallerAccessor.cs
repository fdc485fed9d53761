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
}
