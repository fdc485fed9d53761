using System.Text.Json;
using Troupe.Cli.Connecting;
using Troupe.Cli.Serving;
using Troupe.Core.Access;

namespace Troupe.Cli.Tests.Keys;

public sealed class KeysTests
{
    [Fact]
    public async Task Create_ServerStopped_KeyOpensTheServerStartedLater()
    {
        using var cli = new Cli();
        var key = (await cli.PrintAsync("keys", "create", "--name", "first", "--role", "operator", "--owner", "ada", "--group", "leads")).Trim();
        await using var server = await cli.StartServerAsync();

        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("list"));
        Assert.Contains(KeyFinder.Variable, cli.Error, StringComparison.Ordinal);
        cli.Variables[KeyFinder.Variable] = key;
        await cli.PrintAsync("list");

        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("keys", "list"));
        Assert.Contains("admin", cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(key, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ServerRuns_GoesThroughItAndTakesEffectAtOnce()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();

        var made = JsonElement.Parse(await cli.PrintAsync("keys", "create", "--name", "a", "--role", "admin", "--role", "reader", "--expires", "90d", "--json"));

        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("keys", "list"));
        cli.Variables[KeyFinder.Variable] = made.GetProperty("key").GetString()!;
        var listed = JsonElement.Parse(await cli.PrintAsync("keys", "list", "--json"))[0];
        Assert.Equal(made.GetProperty("id").GetString(), listed.GetProperty("id").GetString());
        Assert.Equal(["reader", "admin"], listed.GetProperty("roles").EnumerateArray().Select(static role => role.GetString()!));
        Assert.Equal("local", listed.GetProperty("owner").GetString());
        Assert.False(listed.TryGetProperty("key", out _));

        await cli.PrintAsync("keys", "revoke", made.GetProperty("id").GetString()!);
        Assert.Contains("no key with the role admin is left", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("list"));
    }

    [Fact]
    public async Task Revoke_ServerStopped_IsKept()
    {
        using var cli = new Cli();
        var made = JsonElement.Parse(await cli.PrintAsync("keys", "create", "--name", "a", "--role", "reader", "--json"));
        await cli.PrintAsync("keys", "create", "--name", "b", "--role", "reader");
        await cli.PrintAsync("keys", "revoke", made.GetProperty("id").GetString()!);

        Assert.DoesNotContain(made.GetProperty("id").GetString()!, await cli.PrintAsync("keys", "list"), StringComparison.Ordinal);
        Assert.Contains(made.GetProperty("id").GetString()!, await cli.PrintAsync("keys", "list", "--revoked"), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Invalid, await cli.RunAsync("keys", "revoke", "none"));
    }

    [Fact]
    public async Task Hash_PrintsAKeyAndTheDigestThatLetsItIn()
    {
        using var cli = new Cli();

        var lines = (await cli.PrintAsync("keys", "hash")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var json = JsonElement.Parse(await cli.PrintAsync("keys", "hash", "--json"));

        var digest = KeyDigest.Parse(lines[1]["Troupe__Access__FirstKey=".Length..]);
        Assert.Equal(KeyText.IdOf(lines[0], KeyText.KeyPrefix), digest!.Id);
        Assert.True(KeyText.Matches(lines[0], digest.Hash));
        Assert.Equal("Troupe__Access__FirstKey", json.GetProperty("setting").GetString());
        Assert.True(KeyText.Matches(json.GetProperty("key").GetString()!, KeyDigest.Parse(json.GetProperty("value").GetString())!.Hash));
        Assert.Empty(Directory.EnumerateFileSystemEntries(cli.Folder));
    }

    [Theory]
    [InlineData(ExitCodes.Usage, "create", "--name", "x")]
    [InlineData(ExitCodes.Usage, "create", "--name", "x", "--role", "root")]
    [InlineData(ExitCodes.Usage, "create", "--name", "x", "--role", "reader", "--expires", "soon")]
    [InlineData(ExitCodes.Invalid, "create", "--name", "x", "--role", "reader", "--group", "a b")]
    public async Task Create_Wrong_MakesNone(int code, params string[] args)
    {
        using var cli = new Cli();
        Assert.Equal(code, await cli.RunAsync(["keys", .. args]));
        Assert.Empty(cli.Out);
        Assert.Equal("[]", (await cli.PrintAsync("keys", "list", "--json")).Trim());
    }

    [Fact]
    public async Task Key_InAFile_IsTakenOnlyWhereNobodyElseReadsIt()
    {
        using var cli = new Cli();
        var key = await cli.PrintAsync("keys", "create", "--name", "a", "--role", "reader");
        await using var server = await cli.StartServerAsync();
        var file = cli.Write("config/troupe/key", key);
        cli.Variables["XDG_CONFIG_HOME"] = Path.Combine(cli.Folder, "config");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Assert.Equal(ExitCodes.Usage, await cli.RunAsync("list"));
            Assert.Contains($"chmod 600 {file}", cli.Error, StringComparison.Ordinal);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await cli.PrintAsync("list");
        cli.Variables.Remove("XDG_CONFIG_HOME");
        await cli.PrintAsync("list", "--key", $"@{file}");
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("list", "--key", "@none"));
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("list", "--key", "a\nb: c"));
        Assert.DoesNotContain(key.Trim(), cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Descriptor_OfADeadServer_GetsNoKey()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();
        var real = ServerDescriptor.Read(cli.Data)!;
        Assert.True(real.IsAlive());

        (real with { StartedAt = real.StartedAt.AddYears(-1) }).Write(cli.Data);
        cli.Variables[KeyFinder.Variable] = "trp_secret";

        Assert.Equal(ExitCodes.Unreachable, await cli.RunAsync("list"));
        real.Write(cli.Data);
    }

    [Fact]
    public async Task Run_OnAFolderWithKeys_ShowsTheUsersKey()
    {
        using var cli = new Cli();
        cli.Variables[KeyFinder.Variable] = (await cli.PrintAsync("keys", "create", "--name", "a", "--role", "operator")).Trim();
        Assert.Equal(ExitCodes.Success, await cli.RunWithAgentsAsync("run", "echo", "--agent", "--prompt", "hello"));
    }
}
