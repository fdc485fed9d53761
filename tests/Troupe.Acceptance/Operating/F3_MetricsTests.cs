namespace Troupe.Acceptance.Operating;

public sealed class F3_MetricsTests
{
    private static readonly string[] Names =
    [
        "troupe.engine.steps", "troupe.engine.activities.completed", "troupe.engine.activities.queued", "troupe.engine.commit.duration",
        "troupe.engine.commit.writes", "troupe.engine.instances.live",
    ];

    [EmbeddedFact]
    public async Task F3_CollectorIsNamed_GetsTheEnginesMetrics()
    {
        using var collector = Collector.Start();
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(data.Path, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
        });
        var api = new Api(server.Address);

        await api.CompleteAsync((await api.LaunchTaskAsync("instant", "go")).Text("workflow_id"));

        foreach (var name in Names)
            await Eventually.SomeAsync(() => Task.FromResult(collector.HasReceived("/v1/metrics", name) ? name : null));
    }
}
