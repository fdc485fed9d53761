using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Troupe.Functions.Hosting;
using Troupe.Testing;

namespace Troupe.Functions.Tests.Hosting;

public sealed class HostWatchTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Host_IsThere_TheWorkerGoesOn()
    {
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        using var watch = await StartAsync((IPEndPoint)host.LocalEndpoint);
        for (var look = 0; look < 2 * HostWatch.MaxRefused; look++)
        {
            _time.Advance(HostWatch.Interval);
            using var looked = await host.AcceptTcpClientAsync();
        }

        Assert.False(_stopped.Task.IsCompleted);
        await watch.StopAsync(CancellationToken.None);
        Assert.False(_stopped.Task.IsCompleted);
    }

    [Fact]
    public async Task Host_IsGone_TheWorkerStops()
    {
        var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        var endpoint = (IPEndPoint)host.LocalEndpoint;
        host.Dispose();
        using var watch = await StartAsync(endpoint);

        while (!_stopped.Task.IsCompleted)
        {
            _time.Advance(HostWatch.Interval);
            await Task.Yield();
        }

        await watch.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    public void EndpointOf_None_SaysWhatIsMissing(string? endpoint)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Functions:Worker:HostEndpoint", endpoint)]).Build();

        Assert.Contains("func start", Assert.Throws<InvalidOperationException>(() => HostWatch.EndpointOf(configuration)).Message, StringComparison.Ordinal);
    }

    private async Task<HostWatch> StartAsync(IPEndPoint host)
    {
        var lifetime = new Mock<IHostApplicationLifetime>();
        lifetime.Setup(app => app.StopApplication()).Callback(() => _stopped.TrySetResult());
        var watch = new HostWatch(new Uri($"http://{host}"), lifetime.Object, _time, NullLogger<HostWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);
        while (_time.ActiveTimers == 0) await Task.Yield();
        return watch;
    }
}
