using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Troupe.Core.Records;
using Troupe.Sqlite;

namespace Troupe.Storage.Tests.Crashes;

/// <summary>What was accepted before a kill -9 is there afterwards, and what is there is whole.</summary>
public sealed class KilledProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reopen_AfterKillsUnderLoad_LosesNothingAccepted()
    {
        var accepted = new List<(string Kind, string Id)>();
        foreach (var lines in new[] { 1, 40, 173, 600, 7 })
        {
            accepted.AddRange(await WriteAndKillAsync(round: accepted.Count, lines));

            await using var stores = new LocalStores(_folder.Path);
            await stores.Database.OpenAsync();
            Assert.Empty(Directory.EnumerateFiles(_folder.File("artifacts/incoming")));
            foreach (var (kind, id) in accepted) await CheckAsync(stores, kind, id);
            await CheckAllRunsAsync(stores);
        }

        foreach (var file in Directory.EnumerateFiles(_folder.File("artifacts"), "*", SearchOption.AllDirectories))
            Assert.Equal(Path.GetFileName(file), await HashAsync(File.OpenRead(file)));
    }

    [Fact]
    public async Task Open_FolderHeldByAnotherProcess_IsRefusedAndNamesIt()
    {
        using var process = Start(round: 0);
        await process.StandardOutput.ReadLineAsync();

        await using var stores = new LocalStores(_folder.Path);
        var refusal = await Assert.ThrowsAsync<SqliteDatabaseInUseException>(() => stores.Runs.GetRunAsync("r", default));

        Assert.Contains(process.Id.ToString(CultureInfo.InvariantCulture), refusal.Message, StringComparison.Ordinal);
        await KillAsync(process);
    }

    private static async Task CheckAsync(LocalStores stores, string kind, string id)
    {
        if (kind == "stored")
        {
            Assert.Equal(id, await HashAsync(await stores.Artifacts.OpenAsync(id, default)));
            return;
        }

        var run = await stores.Runs.GetRunAsync(id, default);
        Assert.NotNull(run);
        if (kind == "completed") Assert.Equal((WorkStatus.Completed, 1), (run.Status, run.Revision));
    }

    /// <summary>Accepted or not, no run is half there.</summary>
    private static async Task CheckAllRunsAsync(LocalStores stores)
    {
        string? cursor = null;
        do
        {
            var page = await stores.Runs.ListRunsAsync(new RunQuery { Limit = 500, Cursor = cursor }, default);
            foreach (var run in page.Items)
            {
                var task = await stores.Runs.GetTaskAsync($"{run.Id}:main", default);
                var events = await stores.Events.ReadAsync(run.Id, 0, 10, default);
                string[] expected = run.Status == WorkStatus.Completed ? [EventTypes.RunQueued, EventTypes.RunCompleted] : [EventTypes.RunQueued];
                Assert.Equal(expected, events.Select(static item => item.Type));
                Assert.Equal(run.Plan.Hash, await HashAsync(await stores.Artifacts.OpenAsync(run.Plan.Hash, default)));
                Assert.Equal(task!.Result!.Artifact!.Hash, await HashAsync(await stores.Artifacts.OpenAsync(task.Result.Artifact.Hash, default)));
            }

            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    private async Task<List<(string Kind, string Id)>> WriteAndKillAsync(int round, int lines)
    {
        using var process = Start(round);
        var said = new List<string?>();
        while (said.Count < lines) said.Add(await process.StandardOutput.ReadLineAsync());
        await KillAsync(process);
        said.AddRange((await process.StandardOutput.ReadToEndAsync()).Split('\n'));
        return [.. said.Where(static line => line?.EndsWith(';') == true).Select(static line => line![..^1].Split(' ')).Select(static words => (words[0], words[1]))];
    }

    private Process Start(int round)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        string[] arguments = ["exec", typeof(CrashingWriter).Assembly.Location, _folder.Path, round.ToString(CultureInfo.InvariantCulture)];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static Task KillAsync(Process process)
    {
        process.Kill();
        return process.WaitForExitAsync();
    }

    private static async Task<string> HashAsync(Stream? stream)
    {
        await using (stream) return Convert.ToHexStringLower(await SHA256.HashDataAsync(Assert.IsAssignableFrom<Stream>(stream)));
    }
}
