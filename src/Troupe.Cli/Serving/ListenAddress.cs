using System.Net;

namespace Troupe.Cli.Serving;

/// <summary>Which addresses a server without keys may listen on.</summary>
internal static class ListenAddress
{
    public const string Default = "http://127.0.0.1:7070";

    /// <exception cref="CommandException">It is no http address, or other machines could reach it.</exception>
    public static Uri Check(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.PathAndQuery != "/")
            throw new CommandException(ExitCodes.Usage, $"--urls expects an address such as {Default}; found '{text}'.");
        if (!IsLoopback(url.IdnHost))
        {
            throw new CommandException(
                ExitCodes.Usage,
                $"'{text}' can be reached from other machines, and this server has no keys that would tell who calls. " +
                "Listen on 127.0.0.1, [::1] or localhost; to reach it from elsewhere, put an authenticating reverse proxy or an SSH tunnel before it.");
        }

        return url;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
