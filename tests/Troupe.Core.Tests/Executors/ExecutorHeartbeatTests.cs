using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Core.Executors;
using Troupe.Core.Json;
using Troupe.Core.Records;
using Troupe.Testing;
using Troupe.Testing.Stores.InMemory;

namespace Troupe.Core.Tests.Executors;

public sealed class ExecutorHeartbeatTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ISettingStore _settings = new InMemoryStores().Settings;

    [Fact]
    public async Task Heartbeat_WhileTheProcessLives_TellsWhenItWasSeen()
    {
        var started = _time.GetUtcNow();
        using var heartbeat = Start("one");
        Assert.Equal(started, (await NoteAsync("one", static _ => true)).SeenAt);

        _time.Advance(ExecutorHeartbeat.Interval);

        var seen = await NoteAsync("one", note => note.SeenAt > started);
        Assert.Equal((started, started + ExecutorHeartbeat.Interval), (seen.StartedAt, seen.SeenAt));
    }

    [Fact]
    public async Task Stop_TakesTheNoteAway()
    {
        using var heartbeat = Start("one");
        await NoteAsync("one", static _ => true);

        await heartbeat.StopAsync(CancellationToken.None);

        Assert.Empty(await _settings.ListAsync(ExecutorHeartbeat.Kind, CancellationToken.None));
    }

    [Fact]
    public async Task Heartbeat_OfAProcessThatWasKilledADayAgo_IsTakenAwayByAnother()
    {
        var now = _time.GetUtcNow();
        await AddAsync(new Executor("killed", now.AddDays(-3), now - ExecutorHeartbeat.Forgotten - TimeSpan.FromSeconds(1)));
        await AddAsync(new Executor("quiet", now.AddDays(-3), now - ExecutorHeartbeat.Forgotten));

        using var heartbeat = Start("one");
        await UntilAsync(async () => await _settings.GetAsync(ExecutorHeartbeat.Kind, "killed", CancellationToken.None) is null);

        Assert.NotNull(await _settings.GetAsync(ExecutorHeartbeat.Kind, "quiet", CancellationToken.None));
    }

    [Fact]
    public void Identities_OfTwoStarts_Differ() => Assert.NotEqual(ExecutorIdentity.Create(), ExecutorIdentity.Create());

    private ExecutorHeartbeat Start(string id)
    {
        var heartbeat = new ExecutorHeartbeat(_settings, new ExecutorWork(new ExecutorIdentity(id), _time), _time, NullLogger<ExecutorHeartbeat>.Instance);
        _ = heartbeat.StartAsync(CancellationToken.None);
        return heartbeat;
    }

    private Task AddAsync(Executor executor) =>
        _settings.TryAddAsync(ExecutorHeartbeat.Kind, executor.Id, JsonSerializer.Serialize(executor, TroupeJson.Options), CancellationToken.None);

    private async Task<Executor> NoteAsync(string id, Func<Executor, bool> condition)
    {
        Executor? note = null;
        await UntilAsync(async () =>
        {
            note = await _settings.GetAsync(ExecutorHeartbeat.Kind, id, CancellationToken.None) is { } stored
                ? JsonSerializer.Deserialize<Executor>(stored.Json, TroupeJson.Options)
                : null;
            return note is not null && condition(note);
        });
        return note!;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Yield();
    }
}
