using Microsoft.Extensions.Options;

namespace Troupe.Core.Http;

/// <summary>Checks the options at start-up: each message names the key, what it holds and what it should.</summary>
public sealed class OutgoingOptionsValidator : IValidateOptions<OutgoingOptions>
{
    public ValidateOptionsResult Validate(string? name, OutgoingOptions options)
    {
        List<string> wrong =
        [
            .. options.AllowHosts.Where(static host => !IsHost(host)).Select(static host =>
                $"{OutgoingOptions.Section}:AllowHosts holds '{host}', but must hold host names such as hooks.example.org or *.example.org, without scheme, port or path."),
            .. options.AllowNetworks.Where(static network => !AddressPolicy.TryParseNetwork(network, out _)).Select(static network =>
                $"{OutgoingOptions.Section}:AllowNetworks holds '{network}', but must hold networks such as 10.1.0.0/16 or addresses such as 127.0.0.1."),
        ];
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static bool IsHost(string host)
    {
        var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        return Uri.CheckHostName(name) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;
    }
}
