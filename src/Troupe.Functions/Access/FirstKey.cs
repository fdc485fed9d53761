using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Troupe.Core.Access;
using Troupe.Core.Launching;

namespace Troupe.Functions.Access;

/// <summary>Lets in the key whose digest the settings name, so that somebody can make the next ones. One that was revoked stays revoked.</summary>
internal sealed partial class FirstKey(KeyRing keys, IOptions<AccessOptions> options, ILogger<FirstKey> logger) : IHostedService
{
    /// <summary>The user that the key speaks for.</summary>
    public const string Owner = "admin";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (KeyDigest.Parse(options.Value.FirstKey) is not { } digest)
            return;
        var wanted = new NewKey { Name = "first key", Roles = Roles.Admin, Owner = Owner };
        if (await keys.TryAdmitAsync(digest, wanted, new Caller("configuration"), cancellationToken))
            LogAdmitted(logger, digest.Id);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "The first key, {KeyId}, opens the server with the role admin")]
    private static partial void LogAdmitted(ILogger logger, string keyId);
}
