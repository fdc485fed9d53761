using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Troupe.Cli.Connecting;
using Troupe.Cli.Terminal;
using Troupe.Client;
using Troupe.Core;
using Troupe.Core.Access;
using Troupe.Core.Launching;
using Troupe.Storage;

namespace Troupe.Cli.Keys;

/// <summary>
/// Where keys are made: at the server that runs, or on the data folder itself where none does, so that the first key is there before the
/// server can be reached. Whoever may write the folder may do everything anyway.
/// </summary>
internal sealed class KeyDesk : IAsyncDisposable
{
    private static readonly Caller Owner = new("local");

    private readonly TroupeClient? _server;
    private readonly ServiceProvider? _folder;

    private KeyDesk(TroupeClient? server, ServiceProvider? folder) => (_server, _folder) = (server, folder);

    /// <exception cref="Sqlite.SqliteDatabaseInUseException">A server that does not answer has the data folder.</exception>
    public static async Task<KeyDesk> OpenAsync(ServerLocator locator, Shell shell, CancellationToken cancellationToken)
    {
        if (await locator.TryConnectAsync(cancellationToken) is { } server)
            return new KeyDesk(server, null);
        locator.Data.Create();
        var services = new ServiceCollection()
            .AddSingleton(shell.Time)
            .AddLogging(static logging => logging.ClearProviders())
            .AddTroupeStorage(storage => storage.DataFolder = locator.Data.Path)
            .AddTroupeKeys();
        return new KeyDesk(null, services.BuildServiceProvider());
    }

    public async Task<KeyInfo> CreateAsync(KeyRequest request, CancellationToken cancellationToken)
    {
        if (_server is not null)
            return await _server.CreateKeyAsync(request, cancellationToken);
        var wanted = new NewKey
        {
            Name = request.Name,
            Roles = request.Roles.Aggregate(Roles.None, static (all, word) => RolesExtensions.TryParse(word, out var role) ? all | role : all),
            Owner = request.Owner ?? Owner.User,
            Groups = request.Groups ?? [],
            Expires = request.Expires is { } text && Duration.TryParse(text, out var life) ? life : null,
        };
        if (wanted.Check() is { Count: > 0 } problems)
            throw new CommandException(ExitCodes.Invalid, $"The key cannot be made: {string.Join("; ", problems.Select(static problem => $"{problem.Pointer}: {problem.Message}"))}");
        try
        {
            var (key, secret) = await Ring.CreateAsync(wanted, Owner, cancellationToken);
            return Describe(key) with { Key = secret };
        }
        catch (KeyLimitException limit)
        {
            throw new CommandException(ExitCodes.Failed, limit.Message);
        }
    }

    public async Task<IReadOnlyList<KeyInfo>> ListAsync(bool revokedToo, CancellationToken cancellationToken) =>
        _server is not null
            ? await _server.KeysAsync(revokedToo, cancellationToken).ToListAsync(cancellationToken)
            : [.. (await Ring.ListAsync(revokedToo, cancellationToken)).Select(Describe)];

    public async Task RevokeAsync(string id, CancellationToken cancellationToken)
    {
        if (_server is not null)
            await _server.RevokeKeyAsync(id, cancellationToken);
        else if (await Ring.RevokeAsync(id, Owner, cancellationToken) is null)
            throw new CommandException(ExitCodes.Invalid, $"There is no key '{Words.Line(id)}'.");
    }

    public async ValueTask DisposeAsync()
    {
        _server?.Dispose();
        if (_folder is not null)
            await _folder.DisposeAsync();
    }

    private KeyRing Ring => _folder!.GetRequiredService<KeyRing>();

    private static KeyInfo Describe(ApiKey key) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Roles = key.Roles.Words(),
        Owner = key.Owner,
        Groups = key.Groups,
        CreatedAt = key.CreatedAt,
        CreatedBy = key.CreatedBy,
        ExpiresAt = key.ExpiresAt,
        LastUsedAt = key.LastUsedAt,
        RevokedAt = key.RevokedAt,
        RevokedBy = key.RevokedBy,
    };
}
