using System.Text.Json;
using Troupe.Core.Json;
using Troupe.Core.Records;

namespace Troupe.Core.Executors;

/// <summary>The processes that work on tasks: this one, and the others by the notes that they left.</summary>
public sealed class ExecutorDirectory(ISettingStore settings, ExecutorWork self, TimeProvider time)
{
    /// <summary>Who has missed three heartbeats is taken for dead; the engine gives its work to another.</summary>
    public static readonly TimeSpan Patience = 3 * ExecutorHeartbeat.Interval;

    /// <summary>By id. A dead one is named for a day, with what it worked on when it was last seen.</summary>
    public async Task<IReadOnlyList<Executor>> ListAsync(CancellationToken cancellationToken)
    {
        var notes = await settings.ListAsync(ExecutorHeartbeat.Kind, cancellationToken);
        var others = notes.Where(note => note.Id != self.Id)
            .Select(static note => JsonSerializer.Deserialize<Executor>(note.Json, TroupeJson.Options))
            .OfType<Executor>();
        return [.. others.Append(self.Now()).OrderBy(static executor => executor.Id, StringComparer.Ordinal)];
    }

    public bool IsAlive(Executor executor) => time.GetUtcNow() - executor.SeenAt <= Patience;
}
