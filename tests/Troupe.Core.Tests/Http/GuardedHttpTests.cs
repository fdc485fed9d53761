using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Options;
using Troupe.Core.Http;
using Troupe.Core.Tests.Support;
using Troupe.Testing;

namespace Troupe.Core.Tests.Http;

public sealed class GuardedHttpTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.0.0.1/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://127.000.000.001/")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://0/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://172.31.255.255/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://100.100.100.200/latest/meta-data")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://168.63.129.16/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[0:0:0:0:0:0:0:1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[::127.0.0.1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[64:ff9b:1::1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[2001:0:1::1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fe80::1%25lo]/")]
    [InlineData("http://[fc00::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://[fec0::1]/")]
    [InlineData("http://[ff02::1]/")]
    [InlineData("http://user@127.0.0.1/")]
    [InlineData("http://example.com@127.0.0.1/")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("http://127.0.0.1:80#@example.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.com/")]
    [InlineData("ws://example.com/")]
    public async Task SendAsync_NotPublic_IsRefused(string url)
    {
        using var http = new GuardedHttp(Options.Create(new OutgoingOptions()), _time);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url));

        var refused = await Assert.ThrowsAsync<OutgoingRefusedException>(() => http.SendAsync(request, 10, CancellationToken.None));

        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://１２７.０.０.１/")]
    [InlineData("http://①②⑦.⓪.⓪.①/")]
    [InlineData("http://localhost/")]
    [InlineData("http://localhost./")]
    [InlineData("http://LOCALHOST/")]
    [InlineData("http://127.0.0.1.nip.example/")]
    [InlineData("http://xn--8g7ccp.xn--7g7c.xn--7g7c.xn--8g7c/")]
    public async Task SendAsync_NameOfLoopback_IsRefused(string url)
    {
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Loopback.MapToIPv6() })
        {
            using var http = Create([address]);
            await Assert.ThrowsAsync<OutgoingRefusedException>(() => GetAsync(http, url));
        }
    }

    [Fact]
    public async Task SendAsync_Refused_SaysHowToAllow()
    {
        using var http = Create([IPAddress.Parse("10.1.2.3")]);

        var refused = await Assert.ThrowsAsync<OutgoingRefusedException>(() => GetAsync(http, "http://inner.example/"));

        Assert.Contains("'inner.example' has a private address", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Troupe:Outgoing:AllowHosts", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Troupe:Outgoing:AllowNetworks", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.2.3", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.0/8", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData(null, "127.0.0.1")]
    public async Task SendAsync_Allowed_IsCalled(string? network, string? host)
    {
        await using var server = new LoopbackServer(Ok);
        var options = new OutgoingOptions();
        if (network is not null)
            options.AllowNetworks.Add(network);
        if (host is not null)
            options.AllowHosts.Add(host);
        using var http = new GuardedHttp(Options.Create(options), _time);

        var response = await GetAsync(http, server.Address.ToString());

        Assert.Equal((HttpStatusCode.OK, "ok"), (response.Status, System.Text.Encoding.UTF8.GetString(response.Body.Span)));
    }

    [Theory]
    [InlineData("hooks.inner.example", true)]
    [InlineData("a.b.inner.example", true)]
    [InlineData("HOOKS.Inner.Example.", true)]
    [InlineData("inner.example", false)]
    [InlineData("evilinner.example", false)]
    [InlineData("inner.example.evil.test", false)]
    public async Task SendAsync_Wildcard_AllowsNamesBelowAlone(string host, bool allowed)
    {
        await using var server = new LoopbackServer(Ok);
        var options = new OutgoingOptions { AllowHosts = { "*.inner.example" } };
        using var http = Create([IPAddress.Loopback], options);
        var call = () => GetAsync(http, $"http://{host}:{server.Port}/");

        if (allowed)
            Assert.True((await call()).IsSuccess);
        else
            await Assert.ThrowsAsync<OutgoingRefusedException>(call);
    }

    [Fact]
    public async Task SendAsync_NameThatResolvesToSomethingElseTheSecondTime_IsCheckedEachTime()
    {
        await using var server = new LoopbackServer(Ok);
        var answers = new Queue<IPAddress>([IPAddress.Loopback, IPAddress.Parse("10.0.0.1")]);
        using var http = new GuardedHttp(Allowing("127.0.0.1"), _time, (_, _) => Task.FromResult<IPAddress[]>([answers.Dequeue()]));

        Assert.True((await GetAsync(http, $"http://rebind.example:{server.Port}/")).IsSuccess);
        await Assert.ThrowsAsync<OutgoingRefusedException>(() => GetAsync(http, $"http://rebind.example:{server.Port}/"));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task SendAsync_ResolvesOnce_SoThatWhatIsCheckedIsWhatIsCalled()
    {
        await using var server = new LoopbackServer(Ok);
        var asked = 0;
        using var http = new GuardedHttp(Allowing("127.0.0.1"), _time, (_, _) =>
        {
            asked++;
            return Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1"), IPAddress.Loopback]);
        });

        Assert.True((await GetAsync(http, $"http://mixed.example:{server.Port}/")).IsSuccess);

        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task SendAsync_RedirectToPrivate_IsNotFollowed(int status)
    {
        await using var server = new LoopbackServer($"HTTP/1.1 {status} Moved\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n");
        using var http = new GuardedHttp(Options.Create(Allowing("127.0.0.1")), _time);

        Assert.Equal(status, (int)(await GetAsync(http, server.Address.ToString())).Status);
    }

    [Fact]
    public async Task SendAsync_LongBody_IsReadUpToTheLimit()
    {
        await using var server = new LoopbackServer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + new string('x', 100_000));
        using var http = new GuardedHttp(Options.Create(Allowing("127.0.0.1")), _time);
        Assert.Equal(10, (await GetAsync(http, server.Address.ToString())).Body.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx")]
    public async Task SendAsync_NoEndOfTheAnswer_TimesOut(string answer)
    {
        await using var server = new LoopbackServer(answer, close: false);
        using var http = new GuardedHttp(Options.Create(Allowing("127.0.0.1")), _time);
        var call = GetAsync(http, server.Address.ToString());
        await server.Answered.Task;
        _time.Advance(GuardedHttp.Timeout);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    [Fact]
    public async Task SendAsync_Cancelled_IsNoTimeout()
    {
        await using var server = new LoopbackServer("", close: false);
        using var http = new GuardedHttp(Options.Create(Allowing("127.0.0.1")), _time);
        using var cancellation = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        var call = http.SendAsync(request, 10, cancellation.Token);
        await server.Answered.Task;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx")]
    [InlineData("no http at all\r\n\r\n")]
    public async Task SendAsync_BrokenOff_IsAnHttpFailure(string answer)
    {
        await using var server = new LoopbackServer(answer);
        using var http = new GuardedHttp(Options.Create(Allowing("127.0.0.1")), _time);
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(http, server.Address.ToString()));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Tue, 01 Jan 2030 00:01:00 GMT", 60)]
    [InlineData("Tue, 01 Jan 2019 00:00:00 GMT", 0)]
    [InlineData("soon", null)]
    public async Task SendAsync_RetryAfter_IsTold(string value, int? seconds)
    {
        await using var server = new LoopbackServer($"HTTP/1.1 503 Busy\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n");
        using var http = new GuardedHttp(Options.Create(Allowing("127.0.0.1")), _time);
        Assert.Equal(seconds, (await GetAsync(http, server.Address.ToString())).RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task SendAsync_WithinATrace_TellsTheOtherSideNothingOfIt()
    {
        await using var server = new LoopbackServer("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var http = new GuardedHttp(Options.Create(Allowing("127.0.0.1")), _time);
        using var activity = new Activity("ours").AddBaggage("user", "ada").Start();
        await GetAsync(http, server.Address.ToString());
        await GetAsync(http, server.Address.ToString());
        Assert.All(server.Requests, static request =>
        {
            Assert.DoesNotContain("traceparent", request, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("ada", request, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("cookie", request, StringComparison.OrdinalIgnoreCase);
        });
    }

    private GuardedHttp Create(IPAddress[] addresses, OutgoingOptions? options = null) =>
        new(options ?? new OutgoingOptions(), _time, (_, _) => Task.FromResult(addresses));

    private static OutgoingOptions Allowing(string network) => new() { AllowNetworks = { network } };

    private static async Task<GuardedResponse> GetAsync(GuardedHttp http, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url));
        return await http.SendAsync(request, 10, CancellationToken.None);
    }
}
