using Microsoft.Extensions.Hosting;
using Troupe.Functions.Storage.Artifacts;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage;

/// <summary>Opens the stores before any other service starts, so that a missing permission, or a newer layout, stops the start.</summary>
internal sealed class AzureStorageStartup(RecordTables tables, ArtifactContainer artifacts) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await tables.OpenAsync(cancellationToken);
        await artifacts.OpenAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
