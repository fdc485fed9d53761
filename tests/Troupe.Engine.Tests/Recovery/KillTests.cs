using System.Globalization;
using Troupe.Engine.Crash.Harness;
using Xunit.Abstractions;

namespace Troupe.Engine.Tests.Recovery;

/// <summary>The short form of the crash run; the long one is the program Troupe.Engine.Crash.</summary>
[Collection(nameof(AloneCollection))]
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20_260;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_AtRandomInstants_LosesNothingThatWasAccepted()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("TROUPE_CRASH_KILLS") ?? "25", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("TROUPE_CRASH_SEED") ?? $"{Seed}", CultureInfo.InvariantCulture);
        using var run = new CrashRun(new CrashOptions(kills, seed), _folder.Path, TimeProvider.System, output.WriteLine);

        var report = await run.RunAsync();

        output.WriteLine(report.ToString());
        Assert.Equal(kills, report.Kills);
        Assert.InRange(report.KillsInFlight, kills / 2, kills);
        Assert.True(report.Launches > kills, $"Only {report.Launches} launches were accepted between {kills} kills.");
    }
}

/// <summary>Tests that need the machine for themselves.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
