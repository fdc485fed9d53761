using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Troupe.Cli.Serving;
using Troupe.Client;

namespace Troupe.Cli.Tests.Serving;

public sealed class ServeTests
{
    [Fact]
    public async Task Serve_UntilInterrupted_AnswersAndLeavesNoDescriptor()
    {
        using var cli = new Cli();

        var serving = cli.RunWithAgentsAsync("serve", "--urls", "http://127.0.0.1:0");
        await cli.Interrupts.AwaitedAsync();
        var address = ServerDescriptor.Read(cli.Data)!.Url;
        using (var client = TroupeClient.Connect(address))
            Assert.True(await client.IsReadyAsync());
        cli.Interrupts.Press();

        Assert.Equal(ExitCodes.Success, await serving);
        Assert.Contains("Stopping", cli.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(cli.Data.DescriptorPath));
    }

    [Theory]
    [InlineData("http://0.0.0.0:7070", "can be reached from other machines")]
    [InlineData("http://[::]:7070", "can be reached from other machines")]
    [InlineData("http://192.168.1.5:7070", "can be reached from other machines")]
    [InlineData("http://example.org", "can be reached from other machines")]
    [InlineData("http://*:7070", "--urls expects")]
    [InlineData("https://127.0.0.1:7070", "--urls expects")]
    [InlineData("http://127.0.0.1:7070/base", "--urls expects")]
    [InlineData("7070", "--urls expects")]
    public async Task Serve_AddressThatIsNotLoopback_IsRefused(string address, string complaint)
    {
        using var cli = new Cli();

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("serve", "--urls", address));
        Assert.Contains(complaint, cli.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(cli.Data.Path));
    }

    [Fact]
    public async Task Serve_BeyondLoopbackWithoutALiveKey_NamesTheCommandThatMakesOne()
    {
        using var cli = new Cli();
        await cli.PrintAsync("keys", "create", "--name", "old", "--role", "admin", "--expires", "1ms");
        await cli.PrintAsync("keys", "create", "--name", "lost", "--role", "admin");
        var lost = (await cli.PrintAsync("keys", "list")).Split('\n').Single(line => line.Contains("lost", StringComparison.Ordinal)).Split(' ')[0];
        await cli.PrintAsync("keys", "revoke", lost);

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("serve", "--urls", "http://0.0.0.0:0"));
        Assert.Contains($"troupe keys create --name admin --role admin --data {cli.Data.Path}", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_BeyondLoopbackWithAKey_GetsAsFarAsTheSocket()
    {
        using var cli = new Cli();
        await cli.PrintAsync("keys", "create", "--name", "first", "--role", "admin");

        // An address that no machine has: it is tried, and nothing ever listens.
        Assert.Equal(ExitCodes.Unreachable, await cli.RunAsync("serve", "--urls", "http://203.0.113.77:7070"));
        Assert.Contains("cannot be listened on", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:7070", "http://127.0.0.1:7070")]
    [InlineData("http://[::]:7070", "http://[::1]:7070")]
    [InlineData("http://192.168.1.5:7070", "http://192.168.1.5:7070")]
    public void ListenAddress_Any_IsReachedAtLoopback(string listening, string reached) =>
        Assert.Equal(new Uri(reached), ListenAddress.ReachedAt(new Uri(listening)));

    [Theory]
    [InlineData("http://127.0.0.1:7070")]
    [InlineData("http://127.8.9.10:1")]
    [InlineData("http://[::1]:7070")]
    [InlineData("http://localhost:7070")]
    public void ListenAddress_Loopback_IsAccepted(string address) => Assert.Equal(new Uri(address), ListenAddress.Check(address));

    [Fact]
    public async Task Serve_LocalhostAnyPort_Listens()
    {
        using var cli = new Cli();
        var settings = new ServerSettings { Data = cli.Data, Url = new Uri("http://localhost:0"), Announce = true };

        await using var server = await EmbeddedServer.StartAsync(settings, cli.Shell, CancellationToken.None);

        Assert.True(server.Address.IsLoopback);
        Assert.NotEqual(0, server.Address.Port);
    }

    [Fact]
    public async Task Serve_AddressTaken_SaysSo()
    {
        using var cli = new Cli();
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();

        Assert.Equal(ExitCodes.Unreachable, await cli.RunAsync("serve", "--urls", $"http://{other.LocalEndpoint}"));
        Assert.Contains("is taken by another program", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_DataFolderInUse_SaysByWhom()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();

        Assert.Equal(ExitCodes.Unreachable, await cli.RunAsync("serve", "--urls", "http://127.0.0.1:0"));
        Assert.Contains("is in use by", cli.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(cli.Data.DescriptorPath));
    }

    [Theory]
    [InlineData("{\"Troupe\":{\"Web\":{\"MaxStreams\":0}}}", "Troupe:Web:MaxStreams")]
    [InlineData("{\"Troupe\":{\"Web\":{\"MaxStreams\":\"many\"}}}", "Troupe:Web:MaxStreams")]
    [InlineData("{\"Troupe\":{\"Engine\":{\"MaxConcurrentActivities\":0}}}", "MaxConcurrentActivities")]
    [InlineData("{\"Troupe\":", "settings.json")]
    public async Task Serve_ConfigurationWrong_NamesTheKeyOrTheFile(string text, string named)
    {
        using var cli = new Cli();
        cli.Write("settings.json", text);
        cli.Interrupts.Press(); // Ends a server that starts all the same.

        Assert.Equal(ExitCodes.Invalid, await cli.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--config", "settings.json"));
        Assert.Contains(named, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Configuration_FileOfTheFolderAndOfTheOption_TheOptionWins()
    {
        using var cli = new Cli();
        cli.Write("data/appsettings.json", "{\"Troupe\":{\"Agents\":{\"DefaultAgent\":\"a\",\"Roots\":[\"/configured\"]},\"Web\":{\"MaxStreams\":5}}}");
        var config = cli.Write("more.json", "{\"Troupe\":{\"Agents\":{\"DefaultAgent\":\"b\"}}}");
        using var configuration = new ConfigurationManager();

        ServerConfiguration.Add(configuration, new ServerSettings { Data = cli.Data, Url = new Uri("http://127.0.0.1:0"), ConfigFile = config, AgentRoots = ["/first"] });

        Assert.Equal("b", configuration["Troupe:Agents:DefaultAgent"]);
        Assert.Equal("5", configuration["Troupe:Web:MaxStreams"]);
        Assert.Equal(["/first", "/configured"], configuration.GetSection("Troupe:Agents:Roots").Get<string[]>()!);
    }

    [Fact]
    public void Configuration_SettingsOfTheCurrentFolder_AreNotRead()
    {
        using var cli = new Cli();
        cli.Write("appsettings.json", "{\"Troupe\":{\"Agents\":{\"Provider\":\"command\"}}}");
        using var configuration = new ConfigurationManager();

        ServerConfiguration.Add(configuration, new ServerSettings { Data = cli.Data, Url = new Uri("http://127.0.0.1:0") });

        Assert.Null(configuration["Troupe:Agents:Provider"]);
    }
}
