using Microsoft.AspNetCore.Http;

namespace Troupe.Web.Access;

/// <summary>Knows callers whom the platform in front of the app has authenticated. A host that has no such platform registers none.</summary>
public interface IPlatformCaller
{
    /// <summary>The caller, or null where the platform vouches for none; keys are looked at then.</summary>
    Identity? Identify(HttpRequest request);
}
