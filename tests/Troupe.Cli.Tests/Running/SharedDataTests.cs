using Troupe.Cli.Serving;

namespace Troupe.Cli.Tests.Running;

public sealed class SharedDataTests
{
    [Fact]
    public async Task Run_ServerOnTheDataFolder_IsUsed()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("run", "echo", "-p", "x"));

        Assert.Contains($"on {server.Address}", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_UrlOfTheEnvironment_IsUsed()
    {
        using var cli = new Cli();
        using var other = new Cli();
        await using var server = await cli.StartServerAsync();
        other.Variables["TROUPE_URL"] = server.Address.ToString();

        Assert.Equal(ExitCodes.Success, await other.RunAsync("run", "echo", "-p", "x"));

        Assert.False(Directory.Exists(other.Data.Path));
    }

    [Fact]
    public async Task Run_FolderHeldBySomebodySilent_GivesUpAndSaysWho()
    {
        using var cli = new Cli(new HastyTime(50));
        await using var server = await cli.StartServerAsync();
        File.Delete(cli.Data.DescriptorPath);

        Assert.Equal(ExitCodes.Unreachable, await cli.RunWithAgentsAsync("run", "echo", "-p", "x"));

        Assert.Contains("is in use by", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ServerIsJustStarting_IsFoundOnceItSaysWhere()
    {
        using var cli = new Cli(new HastyTime(50));
        await using var server = await cli.StartServerAsync();
        var descriptor = ServerDescriptor.Read(cli.Data)!;
        File.Delete(cli.Data.DescriptorPath);

        var running = cli.RunWithAgentsAsync("run", "echo", "-p", "x");
        descriptor.Write(cli.Data);

        Assert.Equal(ExitCodes.Success, await running);
    }

    [Fact]
    public async Task List_StaleDescriptor_IsUnreachable()
    {
        using var cli = new Cli();
        cli.Data.Create();
        new ServerDescriptor(new Uri("http://127.0.0.1:1"), 1, DateTimeOffset.UnixEpoch).Write(cli.Data);

        Assert.Equal(ExitCodes.Unreachable, await cli.RunAsync("list"));
        Assert.Contains("No server runs on the data folder", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"url\":\"http://evil.example:80\",\"pid\":1}")]
    [InlineData("{\"url\":")]
    [InlineData("null")]
    public void Descriptor_ForeignOrBroken_IsNotBelieved(string text)
    {
        using var cli = new Cli();
        cli.Write("data/server.json", text);

        Assert.Null(ServerDescriptor.Read(cli.Data));
    }

    [Fact]
    public void DataFolder_NothingGiven_IsBelowHome()
    {
        using var cli = new Cli();
        cli.Variables.Clear();
        Assert.Throws<CommandException>(() => DataFolder.Choose(null, cli.Shell));
        cli.Variables["HOME"] = "/home/ada";

        Assert.Equal(Path.Combine("/home/ada", ".troupe", "data"), DataFolder.Choose(null, cli.Shell).Path);
        Assert.Equal(Path.Combine(cli.Folder, "here"), DataFolder.Choose("here", cli.Shell).Path);
    }

    [Fact]
    public async Task DataFolder_IsAFile_IsSaid()
    {
        using var cli = new Cli();
        cli.Write("data", "I am a file.");

        Assert.Equal(ExitCodes.Unreachable, await cli.RunWithAgentsAsync("run", "echo", "-p", "x"));
        Assert.Contains("cannot be made", cli.Error, StringComparison.Ordinal);
    }
}
