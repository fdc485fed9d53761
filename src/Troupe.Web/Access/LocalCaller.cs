using Microsoft.AspNetCore.Http;

namespace Troupe.Web.Access;

/// <summary>Without keys every caller is the user <c>local</c>, who may do everything.</summary>
internal sealed class LocalCaller : ICallerAccessor
{
    private static readonly Identity Local = new("local", Roles.All);

    public ValueTask<Identity?> IdentifyAsync(HttpContext context) => ValueTask.FromResult<Identity?>(Local);
}
