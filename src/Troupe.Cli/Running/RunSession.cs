using Troupe.Cli.Connecting;
using Troupe.Cli.Serving;
using Troupe.Cli.Terminal;
using Troupe.Client;
using Troupe.Sqlite;

namespace Troupe.Cli.Running;

/// <summary>A client, and the server behind it where this process had to start one.</summary>
internal sealed class RunSession : IAsyncDisposable
{
    private static readonly TimeSpan DescriptorPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DescriptorPoll = TimeSpan.FromMilliseconds(100);

    private readonly EmbeddedServer? _server;

    private RunSession(TroupeClient client, DataFolder data, EmbeddedServer? server)
    {
        Client = client;
        Data = data;
        _server = server;
    }

    public TroupeClient Client { get; }

    public DataFolder Data { get; }

    /// <summary>Whether the work stops with this process, to go on when a server starts on the data folder.</summary>
    public bool IsEmbedded => _server is not null;

    public static async Task<RunSession> OpenAsync(ServerLocator locator, ServerSettings settings, Shell shell, CancellationToken cancellationToken)
    {
        if (await locator.TryConnectAsync(cancellationToken) is { } running)
            return new RunSession(running, locator.Data, null);
        try
        {
            var server = await EmbeddedServer.StartAsync(settings, shell, cancellationToken);
            return new RunSession(locator.Connect(server.Address), locator.Data, server);
        }
        catch (SqliteDatabaseInUseException inUse)
        {
            return new RunSession(await AwaitOtherAsync(locator, inUse, shell.Time, cancellationToken), locator.Data, null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>Another process holds the data folder: it is a server that is just starting (or stopping), and says soon where it listens.</summary>
    private static async Task<TroupeClient> AwaitOtherAsync(
        ServerLocator locator, SqliteDatabaseInUseException inUse, TimeProvider time, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < DescriptorPatience)
        {
            await Task.Delay(DescriptorPoll, time, cancellationToken);
            if (await locator.TryConnectAsync(cancellationToken) is { } client)
                return client;
        }

        throw new CommandException(ExitCodes.Unreachable, $"{inUse.Message} That process does not answer; wait for it to end, or choose another folder with --data.");
    }
}
