using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Troupe.Core.Access;
using Troupe.Core.Launching;
using Troupe.Functions.Access;
using Troupe.Testing;
using Troupe.Testing.Stores.InMemory;

namespace Troupe.Functions.Tests.Access;

public sealed class FirstKeyTests
{
    private readonly KeyRing _keys = new(new InMemoryStores().Keys, new ManualTimeProvider());

    [Fact]
    public async Task Start_DigestInTheSettings_ItsKeyOpensAsAdmin()
    {
        var (text, digest) = KeyDigest.Mint();

        await StartAsync(digest.ToString());
        await StartAsync(digest.ToString());

        var key = await _keys.FindAsync(text, default);
        Assert.Equal((Roles.Admin, FirstKey.Owner, "configuration"), (key!.Roles, key.Owner, key.CreatedBy));
        Assert.Single(await _keys.ListAsync(revokedToo: true, default));
    }

    [Fact]
    public async Task Start_ItsKeyWasRevoked_StaysRevoked()
    {
        var (text, digest) = KeyDigest.Mint();
        await StartAsync(digest.ToString());
        await _keys.RevokeAsync(digest.Id, new Caller("admin"), default);

        await StartAsync(digest.ToString());

        Assert.Null(await _keys.FindAsync(text, default));
    }

    [Fact]
    public async Task Start_NoDigest_MakesNoKey()
    {
        await StartAsync(null);

        Assert.Empty(await _keys.ListAsync(revokedToo: true, default));
    }

    private Task StartAsync(string? digest) =>
        new FirstKey(_keys, Options.Create(new AccessOptions { FirstKey = digest }), NullLogger<FirstKey>.Instance).StartAsync(default);
}
