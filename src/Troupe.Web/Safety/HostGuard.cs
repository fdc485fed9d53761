using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;

namespace Troupe.Web.Safety;

/// <summary>Answers only under names that are known, so that a page of another site cannot reach a local server by DNS rebinding.</summary>
internal sealed class HostGuard(RequestDelegate next, IOptions<TroupeWebOptions> options)
{
    private readonly TroupeWebOptions _options = options.Value;

    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host.Host;
        if (IsLoopback(host) || _options.AllowedHosts.Any(allowed => Matches(allowed, host)))
            return next(context);
        throw new ApiException(new ApiProblem(
            StatusCodes.Status421MisdirectedRequest,
            $"The host '{ApiProblem.Shorten(host)}' is not one that this server answers for; add it to {TroupeWebOptions.Section}:{nameof(TroupeWebOptions.AllowedHosts)}.")
        {
            Kind = "host",
        });
    }

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool Matches(string allowed, string host) =>
        allowed == "*" || string.Equals(allowed, host, StringComparison.OrdinalIgnoreCase);
}
