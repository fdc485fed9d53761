using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Troupe.Functions.Hosting;

/// <summary>
/// Stops a worker whose host has died. The platform's worker does not notice: it would go on leading events and beating its heart, with
/// nobody to hand anything to.
/// </summary>
internal sealed partial class HostWatch(Uri endpoint, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<HostWatch> logger) : BackgroundService
{
    /// <summary>Refused connections after each other that make the host dead.</summary>
    public const int MaxRefused = 3;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const string Setting = "Functions:Worker:HostEndpoint";

    /// <summary>Where the host that started this worker listens for it.</summary>
    public static Uri EndpointOf(IConfiguration configuration) => Uri.TryCreate(configuration[Setting], UriKind.Absolute, out var endpoint)
        ? endpoint
        : throw new InvalidOperationException($"{Setting} is '{configuration[Setting]}', but must be the address of the Functions host, which gives it to its worker as --functions-uri. Start the app with 'func start'.");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        for (var refused = 0; refused < MaxRefused && await timer.WaitForNextTickAsync(stoppingToken);)
            refused = await IsThereAsync(stoppingToken) ? 0 : refused + 1;
        LogGone(logger, endpoint);
        lifetime.StopApplication();
    }

    private async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The Functions host at {Endpoint} is gone; its worker stops")]
    private static partial void LogGone(ILogger logger, Uri endpoint);
}
