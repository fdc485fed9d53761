using Troupe.Cli.Serving;
using Troupe.Client;

namespace Troupe.Cli.Connecting;

/// <summary>Finds the server to talk to: the address given, else the one that runs on the data folder.</summary>
internal sealed class ServerLocator(Uri? address, DataFolder data, string? key)
{
    private static readonly TroupeClientOptions Probing = new() { ConnectRetries = 0 };

    public DataFolder Data => data;

    /// <summary>A client that shows the user's key, where there is one.</summary>
    public TroupeClient Connect(Uri server) => TroupeClient.Connect(server, new TroupeClientOptions { Key = key });

    /// <exception cref="CommandException">No server answers.</exception>
    public async Task<TroupeClient> ConnectAsync(CancellationToken cancellationToken) =>
        await TryConnectAsync(cancellationToken)
        ?? throw new CommandException(
            ExitCodes.Unreachable,
            $"No server runs on the data folder {data.Path}. Start one with 'troupe serve', or name one with --url or TROUPE_URL.");

    /// <summary>Null where no address was given and no server runs on the data folder.</summary>
    /// <exception cref="CommandException">An address was given and no server answers there.</exception>
    public async Task<TroupeClient?> TryConnectAsync(CancellationToken cancellationToken)
    {
        var found = address ?? Described();
        if (found is null)
            return null;
        if (await AnswersAsync(found, cancellationToken))
            return Connect(found);
        return address is null
            ? null
            : throw new CommandException(ExitCodes.Unreachable, $"No Troupe server answers at {address}. Is it running? Without an address, 'troupe run' starts one by itself.");
    }

    // What a killed server left behind names a port that any user's program may have taken since: no key is shown to that.
    private Uri? Described() => ServerDescriptor.Read(data) is { } found && (key is null || found.IsAlive()) ? found.Url : null;

    private static async Task<bool> AnswersAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = TroupeClient.Connect(address, Probing);
        return await client.IsAliveAsync(cancellationToken);
    }
}
