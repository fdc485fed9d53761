using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Artifacts;
using Troupe.Core.Records;
using Troupe.Storage;
using Troupe.Storage.Bench;

// dotnet run -c Release --project bench/Troupe.Storage.Bench [runs]: launches and lists at that many runs (default 100,000).
var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
var folder = Directory.CreateTempSubdirectory("troupe-bench-").FullName;
try
{
    await using var services = new ServiceCollection()
        .AddTroupeStorage(options => options.DataFolder = folder)
        .BuildServiceProvider();
    var store = services.GetRequiredService<IRunStore>();
    await LaunchBench.FlatOutAsync(store, runs);
    await LaunchBench.PacedAsync(store, launchesPerSecond: 50, seconds: 10);
    await ListBench.RunAsync(store, repetitions: 200);
    await ArtifactBench.RunAsync(services.GetRequiredService<IArtifactStore>());
}
finally
{
    Directory.Delete(folder, recursive: true);
}
