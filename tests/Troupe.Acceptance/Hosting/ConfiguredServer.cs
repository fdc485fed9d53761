namespace Troupe.Acceptance.Hosting;

/// <summary>The server to test where it was started with this suite's settings (<see cref="ConfiguredFactAttribute"/>), else one of its own.</summary>
internal sealed class ConfiguredServer(IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    private readonly OwnServer? _own = TargetHost.Address is null ? new OwnServer(settings) : null;

    public Api Api => _own?.Api ?? new Api(TargetHost.Address!);

    public Task StartAsync() => _own?.StartAsync() ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
