using Microsoft.Extensions.Hosting;
using Troupe.Storage.Records;

namespace Troupe.Storage;

/// <summary>Opens the records before any other service starts, so that a second process on the folder, or a newer schema, stops the start.</summary>
internal sealed class StorageStartup(RecordsDatabase database) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => database.OpenAsync();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
