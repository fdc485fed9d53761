using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Troupe.Core.Records;
using Troupe.Sqlite;
using Troupe.Testing.Stores;

namespace Troupe.Storage.Tests;

public sealed class StorageStartupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task StartAsync_OtherServices_FindTheRecordsOpen()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService<Witness>();
        builder.Services.AddTroupeStorage(options => options.DataFolder = _folder.File("data"));
        using var host = builder.Build();

        await host.StartAsync();
        await host.StopAsync();

        Assert.True(Witness.Of(host).RecordsWereThere);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    [Fact]
    public async Task StartAsync_FolderInUse_FailsAndNamesTheHolder()
    {
        await using var holder = new LocalStores(_folder.Path);
        await holder.Database.OpenAsync();
        await using var second = new LocalStores(_folder.Path);

        var startup = Assert.IsAssignableFrom<IHostedLifecycleService>(Assert.Single(second.Services.GetServices<IHostedService>()));
        var error = await Assert.ThrowsAsync<SqliteDatabaseInUseException>(() => startup.StartingAsync(default));

        Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisposeAsync_ThenOpenAgain_FindsEverything()
    {
        await using (var stores = new LocalStores(_folder.Path))
            await stores.Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.FullRun("r")), default);

        await using var reopened = new LocalStores(_folder.Path);

        Assert.NotNull(await reopened.Runs.GetRunAsync("r", default));
        Assert.Equal(1, await reopened.Events.GetLastPositionAsync(default));
    }

    [Fact]
    public async Task Open_NewerSchema_IsRefused()
    {
        await using (var stores = new LocalStores(_folder.Path))
            await stores.Database.WriteAsync(static session => session.Execute("PRAGMA user_version = 99"), default);

        await using var reopened = new LocalStores(_folder.Path);

        await Assert.ThrowsAsync<SqliteSchemaTooNewException>(() => reopened.Database.OpenAsync());
    }

    [Fact]
    public async Task Open_ArtifactFolderCannotBeMade_FailsAndLetsGoOfTheFolder()
    {
        await File.WriteAllTextAsync(_folder.File("artifacts"), "in the way");
        await using (var stores = new LocalStores(_folder.Path))
            await Assert.ThrowsAnyAsync<IOException>(() => stores.Database.OpenAsync());
        File.Delete(_folder.File("artifacts"));

        await using var reopened = new LocalStores(_folder.Path);

        Assert.Null(await reopened.Runs.GetRunAsync("r", default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void AddTroupeStorage_NoFolder_SaysWhichOption(string folder)
    {
        using var services = new ServiceCollection().AddTroupeStorage(options => options.DataFolder = folder).BuildServiceProvider();

        var error = Assert.Throws<ArgumentException>(services.GetRequiredService<IRunStore>);

        Assert.Contains(nameof(StorageOptions.DataFolder), error.Message, StringComparison.Ordinal);
    }

    private sealed class Witness(IOptions<StorageOptions> options) : IHostedService
    {
        public bool RecordsWereThere { get; private set; }

        public static Witness Of(IHost host) => host.Services.GetServices<IHostedService>().OfType<Witness>().Single();

        public Task StartAsync(CancellationToken cancellationToken)
        {
            RecordsWereThere = File.Exists(Path.Combine(options.Value.DataFolder, "records.db"));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
