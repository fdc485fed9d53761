using System.Diagnostics;
using System.Globalization;
using Troupe.Durable;
using Troupe.Engine.CrashSubject;

namespace Troupe.Engine.Tests.Recovery;

/// <summary>
/// Kills a real process (SIGKILL) under load, again and again over the same data folder, then checks that all it had accepted is there
/// and comes to the right end. TROUPE_CRASH_ROUNDS sets how often; the default keeps the suite quick.
/// </summary>
public sealed class KillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<string> _started = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_AtRandomInstants_LosesNothingThatWasAccepted()
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("TROUPE_CRASH_ROUNDS") ?? "5", CultureInfo.InvariantCulture);
        var random = new Random(rounds);
        for (var round = 0; round < rounds; round++) await RunAndKillAsync(round, random.Next(1, 400));

        await using var engine = await EngineFixture.StartAsync(CrashWork.Registry(), _folder);
        foreach (var id in _started)
        {
            Assert.NotNull(await engine.Client.GetInstanceAsync(id));
            for (var n = 1; n <= CrashWork.EventsPerInstance; n++) await RaiseUnlessEndedAsync(engine.Client, id, n);
        }

        foreach (var id in _started) Assert.Equal(CrashWork.ExpectedOutput, (await engine.EndAsync(id)).SerializedOutput);
    }

    private async Task RunAndKillAsync(int round, int killAfterLines)
    {
        var info = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Troupe.Engine.CrashSubject.dll"));
        info.ArgumentList.Add(_folder.Path);
        info.ArgumentList.Add(round.ToString(CultureInfo.InvariantCulture));
        using var process = Process.Start(info)!;
        for (var lines = 1; await process.StandardOutput.ReadLineAsync() is { } line; lines++)
        {
            if (line.Split(' ') is ["started", var id]) _started.Add(id);
            if (lines == killAfterLines) process.Kill();
        }

        await process.WaitForExitAsync();
        Assert.NotEqual(0, process.ExitCode);
        Assert.NotEmpty(_started);
    }

    private static async Task RaiseUnlessEndedAsync(IOrchestrationClient client, string id, int n)
    {
        try
        {
            await CrashWork.RaiseAsync(client, id, n);
        }
        catch (OrchestrationInvalidStateException)
        {
            // It has ended, so it had them all.
        }
    }
}
