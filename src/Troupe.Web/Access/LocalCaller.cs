using Microsoft.AspNetCore.Http;
using Troupe.Core.Launching;

namespace Troupe.Web.Access;

/// <summary>Without keys every caller is the user <c>local</c>, who may do everything.</summary>
internal sealed class LocalCaller : ICallerAccessor
{
    private static readonly Identity Local = new(new Caller("local"), Roles.All);

    public ValueTask<Identity?> IdentifyAsync(HttpContext context) => ValueTask.FromResult<Identity?>(Local);
}
