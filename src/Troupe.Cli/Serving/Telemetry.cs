using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Troupe.Cli.Serving;

/// <summary>
/// Sends the metrics of Troupe's meters and of the runtime to an OpenTelemetry collector, if the standard variables name one
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>); the others of that standard work too. What is left is sent when the server stops.
/// </summary>
internal sealed class Telemetry : IHostedService, IDisposable
{
    private MeterProvider? _metrics;

    public static bool IsConfigured(IConfiguration configuration) =>
        configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } || configuration["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] is { Length: > 0 };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(static resource => resource.AddService("troupe", serviceVersion: VersionAction.Version))
            .AddMeter("Troupe.*", "System.Runtime")
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _metrics?.Dispose();
        _metrics = null;
    }
}
