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
        if (IsLoopback(host) || IsPublic(host) || IsAddressOf(context.Connection, host) || _options.AllowedHosts.Any(allowed => Matches(allowed, host)))
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

    private bool IsPublic(string host) => _options.PublicUrl is { } url && string.Equals(url.Host, host, StringComparison.OrdinalIgnoreCase);

    // No page can make a browser take a name for an address that it was given in figures.
    private static bool IsAddressOf(ConnectionInfo connection, string host) =>
        connection.LocalIpAddress is { } local
        && IPAddress.TryParse(host.Trim('[', ']'), out var address)
        && address.MapToIPv6().Equals(local.MapToIPv6());

    private static bool Matches(string allowed, string host) =>
        allowed == "*" || string.Equals(allowed, host, StringComparison.OrdinalIgnoreCase);
}
