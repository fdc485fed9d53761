using Troupe.Cli.Serving;
using Troupe.Client;

namespace Troupe.Cli.Connecting;

/// <summary>Finds the server to talk to: the address given, else the one that runs on the data folder.</summary>
internal sealed class ServerLocator(Uri? address, DataFolder data)
{
    private static readonly TroupeClientOptions Probing = new() { ConnectRetries = 0 };

    public DataFolder Data => data;

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
        var found = address ?? ServerDescriptor.Read(data)?.Url;
        if (found is null)
            return null;
        if (await AnswersAsync(found, cancellationToken))
            return TroupeClient.Connect(found);
        return address is null
            ? null
            : throw new CommandException(ExitCodes.Unreachable, $"No Troupe server answers at {address}. Is it running? Without an address, 'troupe run' starts one by itself.");
    }

    private static async Task<bool> AnswersAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = TroupeClient.Connect(address, Probing);
        return await client.IsAliveAsync(cancellationToken);
    }
}
